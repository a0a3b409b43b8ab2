// Where the cases stand on a page: boxes over the picture, with the keyboard, the mouse or plain numbers. All acts are
// buttons ([data-act]); the keys below press them. What is shown is what is saved: the server judges nothing away.
import { ask, dialogById } from "../../../web/ts/parts/dialogs";
import { isTyping } from "../../../web/ts/parts/keys";
import { type Corner, Corners } from "./corners";
import { EditorList } from "./editor-list";
import { KEYS, WAYS } from "./editor-keys";
import { type Answer, type Words, keysAct, post, say } from "./net";
import { Pane, follow, setAll, svgPart } from "./pane";
import { makeRegion, placeRegion } from "./region-drawing";
import {
  type Box, History, type Region, type SavedBox, type Size, copyOf, fitted, fromSaved, inReadingOrder, moved, region, resized, rowsOf,
  toSaved,
} from "./regions";

export interface EditorData {
  version: number;
  size: Size;
  picture: string;
  delivered: { picture: string; size: Size; corners: Corner[] | null } | null;
  boxes: SavedBox[];
  may_edit: boolean;
  urls: Record<"save" | "propose" | "lay" | "turn" | "corners" | "next" | "before" | "self", string>;
  words: Words;
}

export class Editor {
  private regions: Region[];
  private chosen: number | null = null;
  private readonly history = new History();
  private readonly drawn = new Map<number, SVGGElement>();
  private readonly layer = svgPart("g", {});
  private readonly sketch = svgPart("rect", { class: "region-sketch", visibility: "hidden" });
  private pane!: Pane;
  private corners: Corners | null = null;
  private readonly list: EditorList;
  private saved = "";
  private version: number;
  private isHand = false;
  private isBusy = false;
  private leaving = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly data: EditorData,
  ) {
    this.regions = fromSaved(data.boxes);
    this.version = data.version;
    this.saved = this.state();
    this.list = new EditorList(root, data.words, data.size, {
      choose: (id) => this.choose(id, true),
      put: (box) => this.change(() => this.replace(fitted(box, data.size))),
    });
    this.showPage();
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("picture:missing", () => this.warn({ ok: false, status: 200, text: this.say("no_picture"), data: {} }));
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.isDirty) event.preventDefault();
    });
    this.choose(this.regions.find((each) => each.kind === "case")?.id ?? null, false);
  }

  private say(key: string, figures: Record<string, string | number> = {}): string {
    return say(this.data.words, key, figures);
  }

  private state(): string {
    return JSON.stringify(toSaved(this.regions));
  }

  private get isDirty(): boolean {
    return this.saved !== this.state();
  }

  private get present(): Region | undefined {
    return this.regions.find((each) => each.id === this.chosen);
  }

  private get room(): HTMLElement {
    return this.root.querySelector<HTMLElement>("[data-editor-pane]") as HTMLElement;
  }

  // ---- drawing

  private showPage(): void {
    this.corners?.pane.leave();
    this.corners = null;
    this.root.classList.remove("is-corners");
    this.pane = new Pane(this.room, this.data.size, this.data.picture, this.say("picture"), () => this.draw());
    this.pane.svg.append(this.layer, this.sketch);
    this.pane.svg.addEventListener("pointerdown", (down) => this.onDown(down));
    this.draw();
  }

  private draw(): void {
    if (!this.pane || this.corners) return;
    const ids = new Set(this.regions.map((each) => each.id));
    for (const [id, element] of this.drawn) {
      if (ids.has(id)) continue;
      element.remove();
      this.drawn.delete(id);
    }
    const focused = document.activeElement;
    let at: Element | null = null;
    let count = 0;
    for (const each of this.regions) {
      count += each.kind === "case" ? 1 : 0;
      const element = this.drawn.get(each.id) ?? this.make(each.id);
      const number = each.kind === "case" ? count : 0;
      const label = each.kind === "case" ? String(count) : this.say("header_short");
      placeRegion(element, each, { label, name: this.list.nameOf(each, number), isChosen: each.id === this.chosen, unit: 1 / this.pane.scale });
      if (element.previousElementSibling !== at || element.parentNode !== this.layer) {
        if (at) at.after(element);
        else this.layer.prepend(element);
      }
      at = element;
    }
    if (focused instanceof SVGElement && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    this.list.draw(this.regions, this.chosen);
    this.root.classList.toggle("is-dirty", this.isDirty);
    this.root.classList.toggle("is-hand", this.isHand);
    this.tell("[data-editor-scale]", `${Math.round(this.pane.scale * 100)}%`);
    this.tell("[data-editor-count]", String(count));
    this.tell("[data-editor-state]", this.isDirty ? this.say("unsaved") : this.say("saved"));
    this.root.querySelectorAll<HTMLButtonElement>("[data-needs-region]").forEach((button) => (button.disabled = !this.present));
  }

  private make(id: number): SVGGElement {
    const made = makeRegion();
    made.addEventListener("focus", () => this.choose(id, false));
    this.drawn.set(id, made);
    return made;
  }

  private tell(selector: string, text: string): void {
    this.root.querySelectorAll(selector).forEach((place) => {
      if (place.textContent !== text) place.textContent = text;
    });
  }

  /** Said to screen readers, shown in the foot of the editor. */
  private announce(text: string): void {
    this.tell("[data-editor-told]", text);
  }

  private warn(answer: Answer): void {
    const place = this.root.querySelector<HTMLElement>("[data-editor-trouble]");
    if (!place) return;
    const text = answer.text || this.say(answer.status === 0 ? "line_down" : "not_done");
    place.querySelector("[data-editor-trouble-text]")?.replaceChildren(text);
    const reload = place.querySelector<HTMLElement>("[data-editor-reload]");
    if (reload) reload.hidden = answer.status !== 409;
    place.hidden = false;
  }

  // ---- choosing and changing

  private choose(id: number | null, focus: boolean): void {
    if (this.chosen !== id) {
      this.chosen = id;
      this.draw();
    }
    const found = this.present;
    if (!found) return;
    this.pane.show(found.box);
    if (focus) this.drawn.get(found.id)?.focus({ preventScroll: true });
  }

  private change(act: () => void): void {
    if (!this.data.may_edit) return;
    this.history.keep(this.regions.map((each) => ({ ...each })));
    act();
    this.draw();
  }

  private replace(box: Box): void {
    const chosen = this.chosen;
    this.regions = this.regions.map((each) => (each.id === chosen ? { ...each, box } : each));
  }

  /** New boxes in the place of the chosen one, or at the end; the first of them is chosen then. */
  private put(boxes: Box[], kind: Region["kind"], instead: boolean): void {
    const made = boxes.map((box) => region(kind, box));
    const place = this.regions.findIndex((each) => each.id === this.chosen);
    const at = place < 0 ? this.regions.length : place + (instead ? 0 : 1);
    this.change(() => {
      this.regions = [...this.regions];
      this.regions.splice(at, instead && place >= 0 ? 1 : 0, ...made);
    });
    this.choose(made[0]?.id ?? null, true);
  }

  private takeAll(boxes: SavedBox[]): void {
    this.change(() => (this.regions = fromSaved(boxes)));
    this.chosen = null;
    this.choose(this.regions.find((each) => each.kind === "case")?.id ?? null, true);
  }

  // ---- mouse and pen

  private onDown(down: PointerEvent): void {
    const target = down.target instanceof Element ? down.target : null;
    if (this.isHand || down.button === 1) {
      down.preventDefault();
      this.pane.pan(down);
      return;
    }
    if (down.button !== 0) return;
    const holder = target?.closest<SVGGElement>("[data-region]");
    const side = target instanceof SVGElement ? target.dataset["side"] : undefined;
    down.preventDefault();
    if (holder) this.drag(down, Number(holder.dataset["region"]), side);
    else if (this.data.may_edit) this.sketchBox(down);
  }

  private drag(down: PointerEvent, id: number, side: string | undefined): void {
    this.choose(id, true);
    const from = this.pane.place(down);
    const box = this.present?.box;
    if (!box || !this.data.may_edit) return;
    let kept = false;
    follow(this.pane.svg, down, (event) => {
      const at = this.pane.place(event);
      const [dx, dy] = [at.x - from.x, at.y - from.y];
      if (!kept && Math.hypot(dx, dy) * this.pane.scale < 3) return;
      if (!kept) this.history.keep(this.regions.map((each) => ({ ...each })));
      kept = true;
      this.replace(side ? resized(box, side, dx, dy, this.data.size) : moved(box, dx, dy, this.data.size));
      this.draw();
    });
  }

  private sketchBox(down: PointerEvent): void {
    const from = this.pane.place(down);
    let box: Box | null = null;
    follow(
      this.pane.svg,
      down,
      (event) => {
        const at = this.pane.place(event);
        box = fitted([from.x, from.y, at.x, at.y], this.data.size);
        setAll(this.sketch, { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1], visibility: "visible" });
      },
      () => {
        this.sketch.setAttribute("visibility", "hidden");
        if (!box || (box[2] - box[0]) * this.pane.scale < 12 || (box[3] - box[1]) * this.pane.scale < 8) return this.choose(null, false);
        const made = region("case", box);
        this.change(() => (this.regions = inReadingOrder([...this.regions, made])));
        this.choose(made.id, true);
      },
    );
  }

  // ---- keys

  private onKey(event: KeyboardEvent): void {
    if (!keysAct(event)) return;
    const inList = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const way = WAYS[event.key];
    const onRegion = event.target instanceof SVGElement && event.target.matches("[data-region]");
    if (way && onRegion && !event.altKey) {
      event.preventDefault();
      this.nudge(way, event.shiftKey, event.ctrlKey || event.metaKey);
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      const act = event.key.toLowerCase() === "z" ? (event.shiftKey ? "redo" : "undo") : event.key.toLowerCase() === "y" ? "redo" : "";
      if (act && !inList) this.press(event, act);
      if (event.key.toLowerCase() === "s") this.press(event, "save");
      return;
    }
    if (event.altKey || isTyping(event.target)) return;
    if (event.key === "Enter") {
      const isElsewhere = event.target instanceof Element && event.target.closest("a, button, summary");
      if (!isElsewhere) this.press(event, this.corners ? "corners_save" : "confirm");
      return;
    }
    const act = event.shiftKey && event.key.toLowerCase() === "u" ? "redo" : KEYS[event.key.toLowerCase()];
    if (act) this.press(event, act);
  }

  private press(event: KeyboardEvent, act: string): void {
    event.preventDefault();
    void this.act(act);
  }

  /** By one pixel of the picture, with Ctrl by ten; with Shift the right and lower sides alone. */
  private nudge([x, y]: [number, number], isSize: boolean, isFar: boolean): void {
    const found = this.present;
    if (!found) return;
    const step = isFar ? 10 : 1;
    const [dx, dy] = [x * step, y * step];
    const box = isSize ? resized(found.box, x ? "e" : "s", dx, dy, this.data.size) : moved(found.box, dx, dy, this.data.size);
    this.change(() => this.replace(box));
    this.pane.show(box);
  }

  private onClick(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-act]") : null;
    if (button) void this.act(button.dataset["act"] ?? "");
  }

  private async act(name: string): Promise<void> {
    const acts: Record<string, () => unknown> = {
      ...this.viewActs(),
      ...(this.corners ? { cancel: () => this.showPage(), corners: () => this.showPage(), corners_save: () => this.saveCorners() } : this.editActs()),
    };
    await acts[name]?.();
  }

  private viewActs(): Record<string, () => unknown> {
    const pane = (): Pane => this.corners?.pane ?? this.pane;
    return {
      zoom_in: () => pane().zoom(1),
      zoom_out: () => pane().zoom(-1),
      fit_page: () => pane().fitTo("page"),
      fit_width: () => pane().fitTo("width"),
      next: () => this.go(this.data.urls.next),
      before: () => this.go(this.data.urls.before),
      reload: () => this.go(this.data.urls.self),
    };
  }

  private editActs(): Record<string, () => unknown> {
    const { size } = this.data;
    const box = this.present?.box;
    const kind = this.present?.kind ?? "case";
    return {
      hand: () => { this.isHand = !this.isHand; this.press_state("hand", this.isHand); this.draw(); },
      undo: () => this.travel(this.history.undo(this.regions)),
      redo: () => this.travel(this.history.redo(this.regions)),
      new: () => this.put([fitted([size.width * 0.1, size.height * 0.1, size.width * 0.9, size.height * 0.3], size)], "case", false),
      header: () => box && this.change(() => (this.regions = this.regions.map((each) =>
        each.id === this.chosen ? { ...each, kind: each.kind === "case" ? "header" : "case" } : each))),
      duplicate: () => box && this.put([copyOf(box, size)], kind, false),
      delete: () => box && this.remove(),
      split: () => box && this.split(box, kind),
      earlier: () => this.shift(-1),
      later: () => this.shift(1),
      sort: () => this.change(() => (this.regions = inReadingOrder(this.regions))),
      cancel: () => this.choose(null, false),
      grid: () => this.propose(this.data.urls.propose),
      lay: () => this.propose(this.data.urls.lay),
      turn: () => this.handOver(this.data.urls.turn, { by: 90 }),
      corners: () => this.showCorners(),
      save: () => this.save(false),
      confirm: () => this.save(true),
    };
  }

  private press_state(act: string, on: boolean): void {
    this.root.querySelectorAll(`[data-act=${act}]`).forEach((button) => button.setAttribute("aria-pressed", String(on)));
  }

  private travel(to: Region[] | null): void {
    if (!to || !this.data.may_edit) return;
    this.regions = to;
    if (!this.present) this.chosen = null;
    this.draw();
    if (this.chosen !== null) this.drawn.get(this.chosen)?.focus({ preventScroll: true });
  }

  private remove(): void {
    const place = this.regions.findIndex((each) => each.id === this.chosen);
    this.change(() => (this.regions = this.regions.filter((each) => each.id !== this.chosen)));
    this.choose((this.regions[place] ?? this.regions[place - 1])?.id ?? null, true);
    this.announce(this.say("deleted", { n: this.regions.length }));
  }

  private async split(box: Box, kind: Region["kind"]): Promise<void> {
    const dialog = dialogById("split-dialog");
    const input = dialog?.querySelector<HTMLInputElement>("input[name=rows]");
    if (!dialog || !input) return;
    const answer = ask(dialog);
    input.select();
    if (!(await answer)) return;
    const count = Math.round(Number(input.value));
    if (count >= 2 && count <= 60) this.put(rowsOf(box, count), kind, true);
  }

  private shift(by: number): void {
    const place = this.regions.findIndex((each) => each.id === this.chosen);
    const other = this.regions[place + by];
    const found = this.regions[place];
    if (!other || !found) return;
    this.change(() => {
      this.regions = [...this.regions];
      this.regions[place] = other;
      this.regions[place + by] = found;
    });
  }

  // ---- the server

  private async busy(work: () => Promise<void>): Promise<void> {
    if (this.isBusy || !this.data.may_edit) return;
    this.isBusy = true;
    this.root.setAttribute("aria-busy", "true");
    this.announce(this.say("working"));
    try {
      await work();
    } finally {
      this.isBusy = false;
      this.root.removeAttribute("aria-busy");
    }
  }

  private propose(url: string): Promise<void> {
    return this.busy(async () => {
      const answer = await post(url, {});
      if (!answer.ok) return this.warn(answer);
      this.takeAll(answer.data["boxes"] as SavedBox[]);
      this.announce(answer.text);
    });
  }

  /** What makes the picture anew: the page is worked on again, and shows itself when it is done. */
  private handOver(url: string, body: Record<string, unknown>): Promise<void> {
    return this.busy(async () => {
      const answer = await post(url, { version: this.version, ...body });
      if (!answer.ok) return this.warn(answer);
      this.leaving = true;
      location.assign(this.data.urls.self);
    });
  }

  private showCorners(): void {
    const { delivered } = this.data;
    if (!delivered || !this.data.may_edit) return;
    this.pane.leave();
    this.root.classList.add("is-corners");
    const names = ["nw", "ne", "se", "sw"].map((name) => this.say(`corner_${name}`));
    this.corners = new Corners(this.room, delivered.size, delivered.picture, delivered.corners, names, this.say("delivered"));
    this.announce(this.say("corners_help"));
  }

  private saveCorners(): Promise<void> {
    return this.handOver(this.data.urls.corners, { corners: this.corners?.points ?? null });
  }

  private save(confirm: boolean): Promise<void> {
    return this.busy(async () => {
      const answer = await post(this.data.urls.save, { version: this.version, boxes: toSaved(this.regions), confirm });
      if (!answer.ok) return this.warn(answer);
      this.version = Number(answer.data["version"]);
      this.saved = this.state();
      this.announce(answer.text);
      this.draw();
      if (confirm) this.go(String(answer.data["next"] ?? this.data.urls.next));
    });
  }

  private go(url: string): void {
    if (!url) return;
    if (this.isDirty) {
      const dialog = dialogById("leave-dialog");
      if (dialog) void ask(dialog).then((yes) => yes && this.leave(url));
      return;
    }
    this.leave(url);
  }

  private leave(url: string): void {
    this.leaving = true;
    location.assign(url);
  }
}
