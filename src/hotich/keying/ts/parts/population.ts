// The people of a case in the population database: whom the field with the focus belongs to, what is asked about them,
// what the keyer chose. As recorded is sacred: nothing of an answer ever goes into a field. A choice stands beside the
// person, travels with the case, and is compared again by the server with the partner's own answer.
//   Without a line the question is kept ("pending"): it is asked again while the case is open, later by the server.
import { ask as askReason } from "./asks";
import type { Completion } from "./completion";
import { readFigures, withSeparators } from "./dates";
import { make, write } from "./dom";
import type { Box, Form } from "./form";
import { dayOf, Panel } from "./population-panel";
import type { PackageData, PopulationChoice } from "./shapes";
import { tidy } from "./text";
import { say } from "./words";

export type Facts = Record<string, string>;
export interface Question {
  entry: string;
  role: string;
  register: string;
  facts: Facts;
}
export interface Candidate {
  ref: string;
  personal_id: string;
  full_name: string;
  birth?: string;
  sex?: string;
  father_name?: string;
  mother_name?: string;
  native_place?: string;
  life?: string;
  outcome?: string;
  evidence?: string[];
  differences?: { field: string; kind: string; text: string }[];
}
export interface Reply {
  state: "answered" | "queued" | "unreachable" | "refused" | "offline";
  lookUp: string | null;
  candidates: Candidate[];
  text: string;
}
export type Ask = (question: Question) => Promise<Reply>;
export type Choices = Record<string, PopulationChoice>;

interface Person {
  role: string;
  facts: Record<string, string>; // fact → field, or "=1" and "=2" for a sex that the role implies
  fields: ReadonlySet<string>;
}
interface Around {
  ask: Ask | undefined;
  /** The name of the case that is open. */
  entry(): string;
  announce(text: string, isRefusal?: boolean): void;
  changed(): void;
}

const ABSENCES = ["dead", "abroad", "foreign", "never_collected", "newborn"]; // another one is typed
const PAUSE = 20_000; // between two attempts to ask what was kept
/** Questions that could not be asked are kept as these. */
const LATER = new Set<Reply["state"]>(["queued", "unreachable", "offline"]);

export class Population {
  choices: Choices = {};
  readonly panel: Panel;
  readonly #people: Person[];
  /** What was known, by role, when its choice was made: when that has changed, the person is to be looked up anew. */
  #known: Record<string, Facts> = {};
  /** The last answer of this case, by role, so that opening the panel again asks nobody. */
  readonly #answers = new Map<string, { facts: Facts; reply: Reply }>();
  readonly #badges = new Map<string, HTMLElement>();
  #role = "";
  #round = 0;
  #triedAt = 0;
  /** What the panel shows. */
  #reply: Reply | undefined;
  #from: Box | undefined;

  constructor(
    private readonly data: PackageData,
    private readonly form: Form,
    private readonly completion: Completion,
    private readonly around: Around,
  ) {
    const raw = data.form as unknown as { population?: { role: string; facts: Facts }[]; people?: { role: string; fields: Facts }[] };
    const fieldsOf = new Map((raw.people ?? []).map(({ role, fields }) => [role, Object.values(fields)]));
    this.#people = (raw.population ?? []).map(({ role, facts }) => ({ role, facts, fields: new Set(fieldsOf.get(role) ?? []) }));
    this.panel = new Panel({ take: (one) => this.#take(one), absent: () => void this.#absent(), unclear: () => this.#unclear(), remove: () => this.#remove(), close: () => this.close() });
  }

  get isPossible(): boolean {
    return this.around.ask !== undefined && this.data.package.kind === "key" && this.#people.length > 0;
  }

  /** A case is opened: with what was chosen before, or in a draft. */
  begin(choices: Choices, draft: unknown): void {
    this.close(false);
    const kept = draft as { choices?: Choices; known?: Record<string, Facts> } | undefined;
    this.choices = structuredClone(kept?.choices ?? choices);
    this.#known = { ...kept?.known };
    this.#answers.clear();
    for (const role of Object.keys(this.choices)) this.#known[role] ??= this.#factsOf(role);
    this.paint();
  }

  get draft(): Record<string, unknown> {
    return { choices: this.choices, known: this.#known };
  }

  /** F3: the panel for the person that the field belongs to, else for the first one who was not looked up. */
  async open(box: Box | undefined): Promise<void> {
    if (!this.isPossible) return this.around.announce(say("population_not_here"), true);
    const person = this.#personAt(box) ?? this.#people.find(({ role }) => !this.choices[role] && this.#factsOf(role)["full_name"]) ?? this.#people[0]!;
    const facts = this.#factsOf(person.role);
    const name = this.#nameBox(person.role);
    this.#from = box ?? name;
    this.#role = person.role;
    if (!facts["full_name"] && !facts["personal_id"] && !facts["old_id"]) {
      this.around.announce(say("population_no_name"), true);
      return;
    }
    this.panel.open(name?.section.label ?? "", this.#words(facts), this.choices[person.role] ? say(`population_${this.choices[person.role]!.outcome}`) : "");
    const round = ++this.#round;
    const reply = await this.#ask(person.role, facts);
    if (round !== this.#round || !this.panel.isOpen) this.#came(person.role, reply); // the keyer went on without waiting
    else if (LATER.has(reply.state)) {
      this.#keepQuestion(person.role, reply);
      this.close();
      this.around.announce(say(reply.state === "offline" ? "population_later" : "population_queued"));
    } else {
      this.#reply = reply;
      this.panel.show(reply);
    }
  }

  /** An answer to a question that was kept: it waits for F3. */
  #came(role: string, reply: Reply): void {
    const choice = this.choices[role];
    if (choice?.outcome !== "pending") return;
    if (reply.state === "answered") this.around.announce(say("population_came", { name: this.#factsOf(role)["full_name"] ?? "" }));
    else if (reply.lookUp) this.#choose(role, { ...choice, look_up: reply.lookUp });
    this.paint();
  }

  /** There is a line: what could not be asked before is asked now; the answers wait for F3. */
  async again(): Promise<void> {
    if (Date.now() - this.#triedAt < PAUSE) return;
    for (const [role, choice] of Object.entries(this.choices)) {
      if (choice.outcome !== "pending" || choice.look_up || !this.isPossible || this.#answered(role)) continue;
      this.#triedAt = Date.now();
      const reply = await this.#ask(role, this.#factsOf(role));
      if (reply.state === "offline") {
        this.#triedAt = 0; // nobody was asked: when the line is back nothing is waited for
        return;
      }
      if (this.choices[role] === choice) this.#came(role, reply);
    }
  }

  close(back = true): void {
    if (!this.panel.isOpen) return;
    if (this.panel.isWaiting && !this.choices[this.#role]) this.#keepQuestion(this.#role, null);
    this.panel.close();
    if (back && this.#from) this.form.focus(this.#from);
  }

  /** Badges beside the people: what was chosen, and whether the person was changed since. */
  paint(): void {
    for (const { role } of this.#people) {
      const choice = this.choices[role];
      if (!choice && !this.#badges.has(role)) continue;
      const badge = this.#badge(role);
      if (!badge) continue;
      const isPending = choice?.outcome === "pending";
      const isStale = choice && !isPending && !stillSays(this.#factsOf(role), this.#known[role] ?? {});
      const code = !choice ? "" : isStale ? "stale" : isPending && this.#answered(role) ? "answered" : choice.outcome;
      badge.className = `k-found is-${code}`;
      badge.hidden = !code;
      const words = choice?.outcome === "absent" ? choice.absence_words || say(`absence_${choice.absence}`) : "";
      write(badge, code ? [say(`population_badge_${code}`), words].filter(Boolean).join(": ") : "");
    }
  }

  // ---- what the keyer says

  #take(one: Candidate): void {
    const outcome = one.outcome === "equal" || one.outcome === "different" ? one.outcome : one.differences?.length ? "different" : "equal";
    this.#settle({ outcome, ref: one.ref, look_up: this.#lookUp, absence: "", absence_words: "" });
  }

  #unclear(): void {
    this.#settle({ outcome: "clerk", ref: "", look_up: this.#lookUp, absence: "", absence_words: "" });
  }

  async #absent(): Promise<void> {
    const role = this.#role;
    const choices = ABSENCES.map((code) => ({ code, label: say(`absence_${code}`) }));
    const text = say(this.#factsOf(role)["personal_id"] ? "absence_number" : "absence_text"); // misread, more often than missing there
    const answer = await askReason(say("absence_title"), text, choices, { label: say("other_reason") });
    if (!this.panel.isOpen || role !== this.#role) return;
    if (!answer) return this.panel.focus();
    const words = answer.words === say(`absence_${answer.code}`) ? "" : answer.words;
    if (answer.code === "other" && !words) return this.panel.say(say("absence_words_missing"));
    this.#settle({ outcome: "absent", ref: "", look_up: this.#lookUp, absence: answer.code, absence_words: words });
  }

  #remove(): void {
    delete this.choices[this.#role];
    delete this.#known[this.#role];
    this.paint();
    this.around.changed();
    this.panel.close();
    if (this.#from) this.form.focus(this.#from);
  }

  get #lookUp(): string | null {
    return this.#reply?.lookUp ?? null;
  }

  #settle(choice: PopulationChoice): void {
    this.#choose(this.#role, choice);
    this.panel.close();
    if (this.#from) this.form.focus(this.#from);
    this.around.announce(say("population_chosen", { outcome: say(`population_${choice.outcome}`) }));
  }

  #choose(role: string, choice: PopulationChoice): void {
    this.choices[role] = choice;
    this.#known[role] = this.#factsOf(role);
    this.paint();
    this.around.changed();
  }

  #keepQuestion(role: string, reply: Reply | null): void {
    const before = this.choices[role];
    if (before && before.outcome !== "pending") return; // what was found out before stays until there is an answer
    this.#choose(role, { outcome: "pending", ref: "", look_up: reply?.lookUp ?? null, absence: "", absence_words: "" });
  }

  // ---- questions

  async #ask(role: string, facts: Facts): Promise<Reply> {
    const known = this.#answered(role);
    if (known) return known;
    const entry = this.around.entry();
    const reply = await this.around.ask!({ entry, role, register: this.data.package.register, facts });
    if (reply.state === "answered" && entry === this.around.entry()) this.#answers.set(role, { facts, reply });
    return reply;
  }

  /** The answer that is here: to this very question, or to one that was kept and has only grown since. */
  #answered(role: string): Reply | undefined {
    const last = this.#answers.get(role);
    const now = this.#factsOf(role);
    if (!last || !stillSays(now, last.facts)) return undefined;
    const isSame = Object.keys(now).length === Object.keys(last.facts).length;
    return isSame || this.choices[role]?.outcome === "pending" ? last.reply : undefined;
  }

  #personAt(box: Box | undefined): Person | undefined {
    return box && this.#people.find(({ fields }) => fields.has(box.field.code));
  }

  #nameBox(role: string): Box | undefined {
    return this.form.box(this.#people.find((person) => person.role === role)?.facts["full_name"] ?? "");
  }

  #factsOf(role: string): Facts {
    const person = this.#people.find((each) => each.role === role);
    const facts: Facts = {};
    for (const [fact, code] of Object.entries(person?.facts ?? {})) {
      const text = code.startsWith("=") ? code.slice(1) : this.#textOf(code, fact);
      if (text) facts[fact] = text;
    }
    return told(facts);
  }

  #textOf(code: string, fact: string): string {
    const box = this.form.box(code);
    if (!box || box.reason) return ""; // illegible, not written: nothing to ask with
    const text = tidy(box.input.value);
    if (fact === "sex") return /^[12]$/.test(text) ? text : "";
    return (box.field.strict && this.completion.said(box.field, text)) || text;
  }

  #words(facts: Facts): string {
    const shown = ["full_name", "birth", "personal_id", "old_id", "father_name", "mother_name", "spouse_name"];
    return shown.map((fact) => (fact === "birth" ? dayOf(facts[fact] ?? "") : facts[fact])).filter(Boolean).join(" · ");
  }

  #badge(role: string): HTMLElement | undefined {
    const known = this.#badges.get(role);
    if (known) return known;
    const cell = this.#nameBox(role)?.input.parentElement;
    if (!cell) return undefined;
    const badge = make("span", { class: "k-found" });
    cell.append(badge);
    this.#badges.set(role, badge);
    return badge;
  }
}

/** Whether everything that was known is said still; more may be. */
const stillSays = (now: Facts, known: Facts): boolean => Object.entries(known).every(([fact, text]) => now[fact] === text);

/** Dates as years, months or days of ISO; a number by its length is the present one or an old one. */
function told(facts: Facts): Facts {
  const { birth, personal_id, old_id, ...rest } = facts;
  const span = birth ? readFigures(withSeparators(birth)).span : null;
  if (span) rest["birth"] = isoOf(span.earliest, span.latest);
  for (const number of [personal_id, old_id]) {
    const figures = (number ?? "").replace(/[\s.]/g, "");
    if (/^\d{12}$/.test(figures)) rest["personal_id"] ??= figures;
    else if (/^\d{9}$/.test(figures)) rest["old_id"] ??= figures;
  }
  return rest;
}

function isoOf(earliest: number, latest: number): string {
  const [year, month, day] = [Math.floor(earliest / 10_000), Math.floor(earliest / 100) % 100, earliest % 100];
  const two = (value: number): string => String(value).padStart(2, "0");
  if (earliest === latest) return `${year}-${two(month)}-${two(day)}`;
  return Math.floor(earliest / 100) === Math.floor(latest / 100) ? `${year}-${two(month)}` : String(year);
}
