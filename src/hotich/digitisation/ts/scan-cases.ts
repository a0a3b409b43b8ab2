// The cases of a batch: a number is kept as soon as it is written, Enter goes to the next, and what follows from it
// (the numbers counted on from there) shows without the page being loaded again.
import { watchLive } from "./parts/live";
import { keysAct, read } from "./parts/net";

async function keep(form: HTMLFormElement): Promise<void> {
  const told = form.querySelector<HTMLElement>("[data-number-told]");
  const number = form.querySelector<HTMLInputElement>("input[name=number]");
  if (!number || number.dataset["kept"] === value(form)) return;
  const sent = value(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const { ok, text, data } = read(answer.status, await answer.text());
    form.classList.toggle("is-wrong", !ok);
    number.setAttribute("aria-invalid", String(!ok));
    if (told) told.textContent = text || (ok ? "" : (form.dataset["notDone"] ?? ""));
    if (!ok) return;
    number.dataset["kept"] = sent;
    const version = form.querySelector<HTMLInputElement>("input[name=version]");
    if (version) version.value = String(data["version"]);
    document.dispatchEvent(new Event("scans:changed"));
  } catch {
    form.classList.add("is-wrong");
    if (told) told.textContent = form.dataset["lineDown"] ?? "";
  }
}

function value(form: HTMLFormElement): string {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=text]")].map((input) => input.value.trim()).join("|");
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
    if (input.form) void keep(input.form);
    step(input, event.shiftKey ? -1 : 1);
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    step(input, -1);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  watchLive();
  document.querySelectorAll<HTMLFormElement>("form[data-number-form]").forEach((form) => {
    const number = form.querySelector<HTMLInputElement>("input[name=number]");
    if (number) number.dataset["kept"] = value(form);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    const form = event.target instanceof HTMLInputElement ? event.target.form : null;
    if (form?.matches("[data-number-form]")) void keep(form);
  });
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-number-form]")) return;
    event.preventDefault();
    void keep(event.target);
  });
});
