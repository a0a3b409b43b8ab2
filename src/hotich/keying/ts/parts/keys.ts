// The keys of the keying screen (templates/keying/parts/keys_card.html shows them all). While an input method composes no
// key is ours; Backspace is never ours; nothing is taken that belongs to the browser or to Unikey.
import { part } from "./dom";
import type { Screen } from "./screen";

const MOVES = new Set(["Enter", "Tab", "ArrowDown", "ArrowUp", "ArrowRight"]);
/** Keys that do nothing of ours: held ones, and those that only change the text. */
const NOT_OURS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "AltGraph", "Dead", "Backspace", "Delete", "Home", "End", "ArrowLeft"]);

export function watchKeys(screen: Screen): void {
  const dialogs = [...document.querySelectorAll("dialog")];
  document.addEventListener("keydown", (event) => {
    screen.frame.hold();
    if (event.isComposing || event.keyCode === 229) {
      screen.meter.key(event, performance.now());
      return;
    }
    screen.meter.key(event, performance.now());
    if (dialogs.some((dialog) => dialog.open)) {
      if (event.key === "F1") event.preventDefault();
      return;
    }
    // a letter waits for nothing; a key that does something finds proposals (and, unless it only moves, checks) as they are now
    if (MOVES.has(event.key) && !event.ctrlKey && !event.altKey) screen.frame.paintNow();
    else if (!NOT_OURS.has(event.key) && (event.key.length > 1 || event.ctrlKey || event.altKey)) screen.frame.settle();
    if (screen.population.panel.has(event.target) ? screen.population.panel.key(event) : act(screen, event)) event.preventDefault();
  });
}

function act(screen: Screen, event: KeyboardEvent): boolean {
  if (event.metaKey) return false;
  if (event.ctrlKey) return !event.altKey && !event.shiftKey && withCtrl(screen, event.key);
  if (event.altKey) return withAlt(screen, event.key);
  const inForm = screen.edit.box !== undefined;
  switch (event.key) {
    case "F1":
      part<HTMLDialogElement>("keys-card").showModal();
      return true;
    case "F2":
      if (event.shiftKey) screen.edit.copyCase();
      else screen.edit.copyField();
      return true;
    case "F3":
      void screen.population.open(screen.edit.box);
      return true;
    case "F4":
      if (event.shiftKey) void screen.noCase();
      else screen.edit.because("illegible");
      return true;
    case "F6":
      toggleOutbox(screen);
      return true;
    case "F7":
      screen.setTable(!screen.isTable);
      return true;
    case "F8":
      if (event.shiftKey) void screen.openNotes();
      else screen.edit.because("not_written");
      return true;
    case "F9":
      if (screen.edit.box) void screen.confirm(screen.edit.box.field.code);
      return true;
    case "Insert":
      void screen.extraCase();
      return true;
    case "PageDown":
    case "PageUp":
      void screen.turn(event.key === "PageDown" ? 1 : -1);
      return true;
    case "Enter":
      if (!inForm) return false;
      screen.edit.next(event.shiftKey ? -1 : 1);
      return true;
    case "Escape":
      if (screen.combo.close()) return true;
      if (isOutboxOpen()) toggleOutbox(screen);
      else if (screen.population.panel.isOpen) screen.population.close();
      else return false;
      return true;
    case "ArrowRight":
      return inForm && !event.shiftKey && screen.edit.acceptFirst();
    case "ArrowDown":
    case "ArrowUp":
      return inForm && !event.shiftKey && upOrDown(screen, event.key === "ArrowDown" ? 1 : -1);
    default:
      return false;
  }
}

const outbox = (): HTMLDetailsElement | null => document.querySelector<HTMLDetailsElement>("[data-outbox]");
const isOutboxOpen = (): boolean => outbox()?.open ?? false;

/** F6: what waits in this browser, opened for the keyboard; again, or Escape: back to the field. */
function toggleOutbox(screen: Screen): void {
  const box = outbox();
  if (!box) return;
  box.open = !box.open;
  if (box.open) box.querySelector("summary")!.focus();
  else screen.edit.refocus();
}

function upOrDown(screen: Screen, by: 1 | -1): boolean {
  const combo = screen.combo;
  if (combo.isOpen || by > 0) {
    if (combo.move(by)) return true;
  }
  screen.edit.next(by, true);
  return true;
}

function withCtrl(screen: Screen, key: string): boolean {
  switch (key) {
    case "Enter":
      void screen.save();
      return true;
    case "+":
    case "=":
      screen.scan.zoom(1);
      return true;
    case "-":
      screen.scan.zoom(-1);
      return true;
    case "0":
      screen.scan.zoom(0);
      return true;
    case "ArrowDown":
    case "ArrowUp":
      screen.edit.section(key === "ArrowDown" ? 1 : -1);
      return true;
    default:
      return false;
  }
}

/** Alt with ← and → would leave the page in most browsers: these do nothing here. */
function withAlt(screen: Screen, key: string): boolean {
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      void screen.go(key === "ArrowDown" ? 1 : -1);
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      return true;
    default:
      return false;
  }
}
