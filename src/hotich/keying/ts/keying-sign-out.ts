// Signing out on any page: first what waits is sent, then everything of the officer is taken out of this browser. What
// cannot be sent stays, encrypted, and the officer is told before.
import { ask, dialogById } from "../../web/ts/parts/dialogs";
import { contact, start } from "./parts/sender";
import { missingParts } from "./parts/storage";
import { onlyHere, openStore, type Left, type Store } from "./parts/store";
import { forgetScreen } from "./parts/worker-client";

const PATIENCE = 20_000; // how long the last items may take to go

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector<HTMLElement>("[data-keying-sign-out]");
  if (!root || missingParts().length) return;
  document.addEventListener("submit", (event) => onSubmit(event, root), { capture: true });
});

function onSubmit(event: SubmitEvent, root: HTMLElement): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.getAttribute("action") !== root.dataset["keyingSignOut"]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (root.dataset["busy"]) return;
  root.dataset["busy"] = "1";
  void signOut(form, root).finally(() => delete root.dataset["busy"]);
}

async function signOut(form: HTMLFormElement, root: HTMLElement): Promise<void> {
  const { user = "", beat = "", sync = "", screen = "" } = root.dataset;
  const store = await openStore(user);
  const left = await sendRest(store, { beat, sync });
  if (left === "offline") {
    await shown("sign-out-offline");
    return;
  }
  if ((onlyHere(left) || left.drafts) && !(await shown("sign-out-waiting", left))) return;
  await freshToken(form, beat);
  await store.leave();
  await forgetScreen(screen);
  form.submit();
}

/** The page may be an old one, kept for work without a line: its token is of an earlier sign-in, or it has none. */
async function freshToken(form: HTMLFormElement, beat: string): Promise<void> {
  const reply = await contact(beat, { headers: { "X-Hotich-Background": "1" } }, PATIENCE).catch(() => undefined);
  const told = (await reply?.json().catch(() => undefined)) as { csrf?: string } | undefined;
  if (!told?.csrf) return;
  const known = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
  const input = known ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken" }));
  input.value = told.csrf;
}

/** Sends what still waits; "offline" when the server does not answer, for then nobody can sign out either. */
async function sendRest(store: Store, urls: { beat: string; sync: string }): Promise<Left | "offline"> {
  const sender = start(store, urls, "");
  await Promise.race([sender.send(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  sender.stop();
  return sender.answeredAt ? store.left() : "offline";
}

async function shown(id: string, left?: Left): Promise<boolean> {
  const dialog = dialogById(id);
  if (!dialog) return true;
  for (const line of dialog.querySelectorAll<HTMLElement>("[data-left]")) {
    const number = left ? (line.dataset["left"] === "drafts" ? left.drafts : onlyHere(left)) : 0;
    line.hidden = !number;
    line.querySelector("[data-number]")!.textContent = String(number);
  }
  return ask(dialog);
}
