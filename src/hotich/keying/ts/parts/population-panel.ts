// The panel beside the form: who was found in the population database, why it may be them, and the keys that say so.
//   ↑ ↓ choose · Enter takes · A not found, with a reason · X cannot be told · Delete takes a result back · Esc back
import { make, part, write } from "./dom";
import type { Candidate, Reply } from "./population";
import { say } from "./words";

interface Acts {
  take(one: Candidate): void;
  absent(): void;
  unclear(): void;
  remove(): void;
  close(): void;
}

export class Panel {
  isWaiting = false;
  #found: Candidate[] = [];
  #at = -1;
  #isAnswered = false;
  readonly #root = part("keying-people");
  readonly #list = part("keying-people-list");

  constructor(private readonly acts: Acts) {
    this.#root.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const option = target?.closest("[role=option]");
      if (option) this.#choose([...this.#list.children].indexOf(option));
      const act = target?.closest<HTMLElement>("[data-people]")?.dataset["people"];
      if (act) this.#act(act);
    });
    this.#list.addEventListener("dblclick", () => this.#act("take"));
  }

  get isOpen(): boolean {
    return !this.#root.hidden;
  }

  has(target: EventTarget | null): boolean {
    return target instanceof Node && this.#root.contains(target);
  }

  open(who: string, facts: string, now: string): void {
    write(part("keying-people-title"), say("population_title", { who }));
    write(part("keying-people-asked"), [facts, now && say("population_now", { outcome: now })].filter(Boolean).join(" — "));
    this.#found = [];
    this.#at = -1;
    this.#isAnswered = false;
    this.isWaiting = true;
    this.#paint();
    this.say(say("population_asking"));
    this.#root.hidden = false;
    this.focus();
  }

  show(reply: Reply): void {
    this.isWaiting = false;
    this.#isAnswered = reply.state === "answered";
    this.#found = reply.candidates;
    this.#at = this.#found.length ? 0 : -1;
    this.#paint();
    const found = this.#found.length ? say("population_found", { n: this.#found.length }) : say("population_nobody");
    this.say(reply.text || (this.#isAnswered ? found : say("population_refused")));
    this.focus();
  }

  say(text: string): void {
    write(part("keying-people-said"), text);
    this.focus();
  }

  focus(): void {
    if (this.isOpen) this.#list.focus({ preventScroll: true });
  }

  close(): void {
    this.#root.hidden = true;
    this.isWaiting = false;
    this.#list.replaceChildren(); // nothing of a citizen stays in the page
    this.#found = [];
  }

  /** A key pressed inside. Answers whether it was ours. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const isButton = event.target instanceof HTMLButtonElement;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.#choose(Math.min(this.#found.length - 1, Math.max(0, this.#at + (event.key === "ArrowDown" ? 1 : -1))));
        return true;
      case "Enter":
        if (!isButton) this.#act("take");
        return !isButton;
      case "Escape":
      case "F3":
        this.#act("close");
        return true;
      case "Delete":
        this.#act("remove");
        return true;
      default:
        if (event.key.toLowerCase() === "a") this.#act("absent");
        else if (event.key.toLowerCase() === "x") this.#act("unclear");
        return event.key.length === 1 && !isButton;
    }
  }

  #act(code: string): void {
    const one = this.#found[this.#at];
    if (code === "close") this.acts.close();
    else if (code === "remove") this.acts.remove();
    else if (!this.#isAnswered) return; // who has not been looked for can be neither found nor missed
    else if (code === "take" && one) this.acts.take(one);
    else if (code === "absent") this.acts.absent();
    else if (code === "unclear") this.acts.unclear();
  }

  #choose(at: number): void {
    if (!this.#found[at]) return;
    this.#at = at;
    for (const [place, option] of [...this.#list.children].entries()) option.setAttribute("aria-selected", String(place === at));
    this.#list.setAttribute("aria-activedescendant", `keying-person-${at}`);
    this.#list.children[at]!.scrollIntoView({ block: "nearest" });
    this.focus();
  }

  #paint(): void {
    this.#list.replaceChildren(...this.#found.map((one, at) => optionOf(one, at)));
    this.#list.hidden = false;
    if (this.#at >= 0) this.#choose(this.#at);
    else this.#list.removeAttribute("aria-activedescendant");
    for (const button of this.#root.querySelectorAll<HTMLButtonElement>("[data-people]")) {
      const act = button.dataset["people"];
      button.disabled = act === "take" ? this.#at < 0 : (act === "absent" || act === "unclear") && !this.#isAnswered;
    }
  }
}

function optionOf(one: Candidate, at: number): HTMLElement {
  const differences = one.differences ?? [];
  const outcome = one.outcome === "equal" || one.outcome === "different" ? one.outcome : differences.length ? "different" : "equal";
  const parents = [one.father_name && `${say("population_father")} ${one.father_name}`, one.mother_name && `${say("population_mother")} ${one.mother_name}`];
  const sex = one.sex === "1" ? say("population_male") : one.sex === "2" ? say("population_female") : "";
  const life = one.life === "dead" || one.life === "missing" ? say(`population_${one.life}`) : "";
  const facts = [dayOf(one.birth ?? ""), sex, one.personal_id, life].filter(Boolean).join(" · ");
  const more = [...parents, one.native_place].filter(Boolean).join(" · ");
  const lines = [
    make("span", { class: "k-one-name" }, make("strong", {}, one.full_name), make("span", { class: `k-one-outcome is-${outcome}` }, say(`population_${outcome}`))),
    make("span", { class: "k-one-facts" }, facts),
    more ? make("span", { class: "k-one-more" }, more) : "",
    ...differences.map(({ text }) => make("span", { class: "k-one-differs" }, `≠ ${text}`)),
    one.evidence?.length ? make("span", { class: "k-one-why" }, one.evidence.join(" · ")) : "",
  ];
  return make("div", { role: "option", id: `keying-person-${at}`, class: "k-one", "aria-selected": "false" }, ...lines.filter(Boolean));
}

/** 1988-03-05 → 05.03.1988, 1988-03 → 03.1988. */
export const dayOf = (iso: string): string => iso.split("-").reverse().join(".");
