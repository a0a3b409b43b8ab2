// Deciding proposals with the keyboard: 1 one person, 2 two people, 3 later, 0 takes the last decision back. The server
// opens the next one by itself. Without this script the buttons do the same.
import { isTyping } from "../../web/ts/parts/keys";

const BUTTON = "button[data-decides-key]";

function keysAreOn(): boolean {
  return localStorage.getItem("hotich.keys") !== "off";
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (isTyping(event.target) || !keysAreOn() || document.querySelector("dialog[open]")) return;
  const buttons = [...document.querySelectorAll<HTMLButtonElement>(BUTTON)];
  const button = buttons.find((each) => each.dataset["decidesKey"] === event.key);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
}

/** A decision is sent once: the second press of a key must not decide about the next proposal. */
function sendOnce(): void {
  for (const each of document.querySelectorAll<HTMLButtonElement>(BUTTON)) {
    each.form?.addEventListener("submit", () => setTimeout(() => document.querySelectorAll<HTMLButtonElement>(BUTTON).forEach((other) => (other.disabled = true))));
  }
}

document.addEventListener("keydown", onKey);
sendOnce();
