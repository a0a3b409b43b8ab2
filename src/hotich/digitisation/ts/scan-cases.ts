// The cases of a batch: a number is kept as soon as it is written, Enter goes to the next, and what follows from it
// (the numbers counted on from there) shows without the page being loaded again.
import { watchLive } from "./parts/live";
import { keysAct, read } from "./parts/net";

// one after the other: what a number changes for those after it is known before the next one is sent
let line = Promise.resolve();

function keepLater(form: HTMLFormElement): void {
  line = line.then(() => keep(form));
}

async function keep(form: HTMLFormElement): Promise<void> {
  const told = form.querySelector<HTMLElement>("[data-number-told]");
  const number = form.querySelector<HTMLInputElement>("input[name=number]");
  const sent = number?.value.trim() ?? "";
  if (!number || number.dataset["kept"] === sent || number.dataset["refused"] === sent) return;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const { ok, text, data } = read(answer.status, await answer.text());
    form.classList.toggle("is-wrong", !ok);
    number.setAttribute("aria-invalid", String(!ok));
    if (told) told.textContent = text || (ok ? "" : (form.dataset["notDone"] ?? ""));
    if (answer.status === 422) number.dataset["refused"] = sent; // once is enough, until something else is written
    else delete number.dataset["refused"];
    if (answer.status === 409) document.dispatchEvent(new Event("scans:changed")); // what it is now, to write over
    if (!ok) return;
    number.dataset["kept"] = sent;
    for (const [id, kept] of Object.entries(data["cases"] as Record<string, Kept>)) take(document.getElementById(`row-${id}`), kept);
    document.dispatchEvent(new Event("scans:changed"));
  } catch {
    form.classList.add("is-wrong");
    if (told) told.textContent = form.dataset["lineDown"] ?? "";
  }
}

interface Kept {
  version: string;
  number: string;
}

/** What the server has of a case now; what somebody has typed in the meantime stays. */
function take(row: Element | null, kept: Kept): void {
  const version = row?.querySelector<HTMLInputElement>("[data-number-form] input[name=version]");
  const number = row?.querySelector<HTMLInputElement>("[data-number-form] input[name=number]");
  if (!version || !number) return;
  version.value = kept.version;
  if (number.value.trim() === number.dataset["kept"]) {
    const isChosen = number === document.activeElement;
    number.value = kept.number;
    if (isChosen) number.select();
  }
  number.dataset["kept"] = kept.number;
}

/** A line that is being written in is not exchanged: what the server has of its number is taken over, and everything
    that is said beside it. */
function hold(event: Event): void {
  const [old, piece] = [event.target, (event as CustomEvent<HTMLElement>).detail];
  const version = piece.querySelector<HTMLInputElement>("[data-number-form] input[name=version]");
  const number = piece.querySelector<HTMLInputElement>("[data-number-form] input[name=number]");
  if (!(old instanceof HTMLElement) || !version || !number) return;
  take(old, { version: version.value, number: number.value });
  const [form, facts] = [old.querySelector("[data-number-form]"), piece.querySelector(".case-facts")];
  const place = form?.parentElement;
  if (!form || !place || !facts || [...place.children].some((each) => each !== form && each.matches(":focus-within"))) return;
  const by = facts.querySelector(".number-by")?.textContent ?? "";
  form.querySelector(".number-by")?.replaceChildren(by);
  const fresh = [...facts.children];
  const at = fresh.findIndex((each) => each.matches("[data-number-form]"));
  [...place.children].forEach((each) => each !== form && each.remove());
  form.before(...fresh.slice(0, at));
  form.after(...fresh.slice(at + 1));
  old.className = piece.className;
  old.dataset["liveState"] = piece.dataset["liveState"] ?? "";
}

function mark(number: HTMLInputElement): void {
  number.dataset["kept"] ??= number.defaultValue.trim();
}

function numbers(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("form[data-number-form] input[name=number]")];
}

function step(from: Element, by: 1 | -1): void {
  const all = numbers();
  const at = all.indexOf(from as HTMLInputElement);
  const next = all[at + by];
  if (!next) return;
  next.focus();
  next.select();
}

function onKey(event: KeyboardEvent): void {
  const input = event.target;
  if (!keysAct(event) || !(input instanceof HTMLInputElement) || input.name !== "number") return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === "ArrowDown") {
    event.preventDefault();
    if (input.form) keepLater(input.form);
    step(input, event.shiftKey ? -1 : 1);
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    step(input, -1);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  watchLive();
  numbers().forEach(mark);
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "number") mark(event.target);
  });
  document.addEventListener("live:held", hold);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    const form = event.target instanceof HTMLInputElement ? event.target.form : null;
    if (form?.matches("[data-number-form]")) keepLater(form);
  });
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-number-form]")) return;
    event.preventDefault();
    keepLater(event.target);
  });
});
