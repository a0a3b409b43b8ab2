// Everything a page needs to key without a line, started in one call: store, sender, outbox panel, the lamp of the
// line, warnings of clock and room, the service worker. The page holds keying/parts/outbox.html.
//
//   const { store, sender } = await startOffline({ mend: (kept) => form.open(kept) });
import { watchOutbox, type Actions } from "./outbox-panel";
import { start, type Sender } from "./sender";
import { lookAtRoom, missingParts } from "./storage";
import { clearAfterOthers, onlyHere, openStore, type Store } from "./store";
import { say, textsOf, type Texts } from "./texts";
import { lookForUpdate, watchWorker, type Update } from "./worker-client";

export interface Offline {
  store: Store;
  sender: Sender;
  /** The page's own root of this part: [data-offline]. */
  root: HTMLElement;
}

const LOOK_AT_ROOM = 10 * 60 * 1000;

/** Rejects when this browser cannot keep anything safely (plain http, an old browser); the page then says so itself. */
export async function startOffline(actions: Actions): Promise<Offline> {
  const root = document.querySelector<HTMLElement>("[data-offline]")!;
  const texts = textsOf("offline-texts");
  const notices = new Notices(root.querySelector("[data-offline-notices]")!);
  const missing = missingParts();
  if (missing.length) {
    notices.show("unsupported", "error", say(texts, "unsupported", { parts: missing.join(", ") }));
    throw new Error(`cannot keep anything: ${missing.join(", ")}`);
  }
  const { user = "", beat = "", sync = "", version = "", worker = "", scope = "", clockLimit = "120" } = root.dataset;
  const store = await openStore(user);
  const sender = start(store, { beat, sync }, version);
  watchOutbox(root, store, texts, actions);
  void clearAfterOthers(user).catch(() => undefined);
  watchLine(root, sender, texts, notices, Number(clockLimit));
  watchRoom(texts, notices);
  void watchWorker(worker, scope, (update) => offerUpdate(update, store, texts, notices)).catch(() => undefined);
  return { store, sender, root };
}

function watchLine(root: HTMLElement, sender: Sender, texts: Texts, notices: Notices, clockLimit: number): void {
  const words = root.querySelector<HTMLElement>("[data-line]")!;
  const signIn = root.querySelector<HTMLElement>("[data-line-sign-in]")!;
  let asked = false;
  const paint = (): void => {
    root.dataset["state"] = sender.state;
    const text = say(texts, sender.state);
    if (words.textContent !== text) words.textContent = text; // a live region: said once, not at every look
    words.title = sender.state === "online" ? "" : say(texts, "kept_here");
    signIn.hidden = sender.state !== "signed_out" && sender.state !== "other_user";
    const minutes = clockWrongBy(sender, clockLimit);
    if (minutes) notices.show("clock", "warning", say(texts, "clock", { minutes }));
    else notices.hide("clock");
    if (sender.isOutdated && !asked) {
      asked = true;
      void lookForUpdate();
    }
  };
  sender.onChange(paint);
}

/** Whole minutes of a clock that is too far off, at least 1; 0 for a good one. */
function clockWrongBy(sender: Sender, limit: number): number {
  const error = Math.abs(sender.clockError ?? 0);
  return error > limit * 1000 ? Math.max(1, Math.round(error / 60_000)) : 0;
}

function watchRoom(texts: Texts, notices: Notices): void {
  const look = async (): Promise<void> => {
    const { persistent, scarce } = await lookAtRoom();
    if (scarce === undefined) notices.hide("space");
    else notices.show("space", "error", say(texts, "space", { left: scarce }));
    if (persistent) notices.hide("not_persistent");
    else notices.show("not_persistent", "quiet", say(texts, "not_persistent"));
  };
  void look();
  setInterval(() => void look(), LOOK_AT_ROOM);
}

/** With an empty outbox the new version is simply offered; else the keyer is told to wait, and may still take it. */
function offerUpdate(update: Update, store: Store, texts: Texts, notices: Notices): void {
  const offer = async (): Promise<void> => {
    const count = onlyHere(await store.counts());
    const text = count ? say(texts, "new_version_waiting", { count }) : say(texts, "new_version");
    const label = say(texts, count ? "update_anyway" : "update");
    notices.show("update", "info", text, { label, primary: !count, act: () => update.take() });
  };
  store.onChange(() => void offer());
  void offer();
}

interface NoticeAction {
  label: string;
  primary: boolean;
  act(): void;
}

/** Lines of warning, one a matter; the same words again leave the line alone. */
class Notices {
  readonly #shown = new Map<string, { print: string; line: HTMLElement }>();

  constructor(private readonly place: Element) {}

  show(matter: string, tone: "error" | "warning" | "info" | "quiet", text: string, action?: NoticeAction): void {
    const print = `${text}|${action?.label ?? ""}`;
    if (this.#shown.get(matter)?.print === print) return;
    const line = document.createElement("div");
    line.className = tone === "quiet" ? "outbox-quiet" : `notice notice-${tone}`;
    line.dataset["matter"] = matter;
    line.append(text);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn btn-small ${action.primary ? "btn-primary" : "btn-quiet"}`;
      button.textContent = action.label;
      button.addEventListener("click", () => action.act());
      line.append(" ", button);
    }
    this.hide(matter);
    this.#shown.set(matter, { print, line });
    this.place.append(line);
  }

  hide(matter: string): void {
    this.#shown.get(matter)?.line.remove();
    this.#shown.delete(matter);
  }
}
