// What the editor shows: the boxes over the picture, the state of the work, what was said and what went wrong.
import type { EditorList } from "./editor-list";
import { type Answer, type Words, say } from "./net";
import { Pane, svgPart } from "./pane";
import { makeRegion, placeRegion } from "./region-drawing";
import type { Box, Region, Size } from "./regions";

export interface Shown {
  regions: Region[];
  chosen: number | null;
  isDirty: boolean;
  isHand: boolean;
  mayUndo: boolean;
  mayRedo: boolean;
}

export class EditorView {
  readonly sketch = svgPart("rect", { class: "region-sketch", visibility: "hidden" });
  private readonly drawn = new Map<number, SVGGElement>();
  private readonly layer = svgPart("g", {});

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly list: EditorList,
    private readonly onFocus: (id: number) => void,
  ) {}

  get room(): HTMLElement {
    return this.root.querySelector<HTMLElement>("[data-editor-pane]") as HTMLElement;
  }

  /** The flat page with the boxes on it, in the place of whatever the room showed. */
  open(size: Size, picture: string, onScale: () => void): Pane {
    const pane = new Pane(this.room, size, picture, say(this.words, "picture"), onScale);
    pane.svg.append(this.layer, this.sketch);
    return pane;
  }

  draw(pane: Pane, shown: Shown): void {
    const focused = document.activeElement;
    this.forget(shown.regions);
    let at: Element | null = null;
    let count = 0;
    for (const each of shown.regions) {
      count += each.kind === "case" ? 1 : 0;
      const element = this.drawn.get(each.id) ?? this.make(each.id);
      const number = each.kind === "case" ? count : 0;
      const label = number ? String(number) : say(this.words, "header_short");
      placeRegion(element, each, { label, name: this.list.nameOf(each, number), isChosen: each.id === shown.chosen, unit: 1 / pane.scale });
      if (element.previousElementSibling !== at || element.parentNode !== this.layer) {
        if (at) at.after(element);
        else this.layer.prepend(element);
      }
      at = element;
    }
    if (focused instanceof SVGElement && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    this.list.draw(shown.regions, shown.chosen);
    this.showState(pane, shown, count);
  }

  /** What is no longer there is no longer drawn. */
  private forget(regions: Region[]): void {
    const ids = new Set(regions.map((each) => each.id));
    for (const [id, element] of this.drawn) {
      if (ids.has(id)) continue;
      element.remove();
      this.drawn.delete(id);
    }
  }

  private make(id: number): SVGGElement {
    const made = makeRegion();
    made.addEventListener("focus", () => this.onFocus(id));
    this.drawn.set(id, made);
    return made;
  }

  private showState(pane: Pane, { regions, chosen, isDirty, isHand, mayUndo, mayRedo }: Shown, count: number): void {
    this.root.classList.toggle("is-dirty", isDirty);
    this.root.classList.toggle("is-hand", isHand);
    this.tell("[data-editor-scale]", `${Math.round(pane.scale * 100)}%`);
    this.tell("[data-editor-count]", String(count));
    this.tell("[data-editor-state]", say(this.words, isDirty ? "unsaved" : "saved"));
    const hasChosen = regions.some((each) => each.id === chosen);
    this.allow("[data-needs-region]", hasChosen);
    this.allow("[data-act=undo]", mayUndo);
    this.allow("[data-act=redo]", mayRedo);
  }

  private allow(selector: string, may: boolean): void {
    this.root.querySelectorAll<HTMLButtonElement>(selector).forEach((button) => {
      // a button that goes out under the finger would take the focus, and with it the keys, away from the editor
      if (!may && button === document.activeElement) this.room.querySelector<SVGElement>("[data-region]")?.focus({ preventScroll: true });
      button.disabled = !may;
    });
  }

  focus(id: number | null): void {
    if (id !== null) this.drawn.get(id)?.focus({ preventScroll: true });
  }

  sketchAs(box: Box | null): void {
    if (!box) return this.sketch.setAttribute("visibility", "hidden");
    const [x, y, right, bottom] = box;
    const figures = { x, y, width: right - x, height: bottom - y, visibility: "visible" };
    for (const [name, value] of Object.entries(figures)) this.sketch.setAttribute(name, String(value));
  }

  press(act: string, on: boolean): void {
    this.root.querySelectorAll(`[data-act=${act}]`).forEach((button) => button.setAttribute("aria-pressed", String(on)));
  }

  private tell(selector: string, text: string): void {
    this.root.querySelectorAll(selector).forEach((place) => {
      if (place.textContent !== text) place.textContent = text;
    });
  }

  /** Said to screen readers, shown in the foot of the editor. */
  announce(text: string): void {
    this.tell("[data-editor-told]", text);
  }

  /** What went wrong stands above the picture until something succeeds. */
  warn(answer: Answer): void {
    const place = this.root.querySelector<HTMLElement>("[data-editor-trouble]");
    if (!place) return;
    const text = answer.text || say(this.words, answer.status === 0 ? "line_down" : "not_done");
    place.querySelector("[data-editor-trouble-text]")?.replaceChildren(text);
    const reload = place.querySelector<HTMLElement>("[data-editor-reload]");
    if (reload) reload.hidden = answer.status !== 409;
    place.hidden = false;
    this.announce("");
  }

  calm(): void {
    const place = this.root.querySelector<HTMLElement>("[data-editor-trouble]");
    if (place) place.hidden = true;
  }
}
