// Forms: the error summary takes the focus, a form that was changed warns before it is left, Ctrl+Enter saves, and a
// form that is on its way cannot be sent twice.
import { ask, dialogById } from "./dialogs";

const dirty = new Set<HTMLFormElement>();
let leaving = false;

export function watchForms(): void {
  document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
  document.addEventListener("input", (event) => markDirty(event.target));
  document.addEventListener("change", (event) => markDirty(event.target));
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onLink);
  document.addEventListener("keydown", saveByKey);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    document.querySelectorAll("form[data-sending]").forEach((form) => form.removeAttribute("data-sending"));
  });
}

/** Tell the form's guard that what was typed is kept elsewhere (the keying screen does, after its own save). */
export function markClean(form: HTMLFormElement): void {
  dirty.delete(form);
  form.removeAttribute("data-dirty");
}

function unsaved(): boolean {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  return dirty.size > 0;
}

function markDirty(target: EventTarget | null): void {
  const form = target instanceof HTMLElement ? target.closest<HTMLFormElement>("form[data-dirty-warning]") : null;
  if (!form || form.method === "get") return;
  dirty.add(form);
  form.setAttribute("data-dirty", "");
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog" || event.defaultPrevented) return;
  if (form.hasAttribute("hx-post") || form.method === "get") return;
  if (form.hasAttribute("data-sending")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sending", "");
  leaving = true;
}

function onLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // by the attribute: links of a drawing (SVG) have no text in `href`
  const goal = new URL(link.getAttribute("href") ?? "", location.href);
  const samePage = goal.href.split("#")[0] === location.href.split("#")[0] && goal.hash !== "";
  if (samePage || link.getAttribute("target") === "_blank" || link.hasAttribute("download") || !unsaved()) return;
  const dialog = dialogById("leave-dialog");
  if (!dialog) return;
  event.preventDefault();
  void ask(dialog).then((yes) => {
    if (!yes) return;
    leaving = true;
    location.assign(goal);
  });
}

function saveByKey(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.keyCode === 229) return;
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (!form || form.method === "get") return;
  event.preventDefault();
  const button = form.querySelector<HTMLButtonElement>("button[data-default], button[type=submit]:not([formaction])");
  form.requestSubmit(button ?? undefined);
}
