// Where the cases stand on a page: boxes over the picture, with the keyboard, the mouse or plain numbers. All acts are
// buttons ([data-act]); the keys below press them. What is shown is what is saved: the server judges nothing away.
import { ask, dialogById } from "../../../web/ts/parts/dialogs";
import { type Corner, Corners } from "./corners";
import { EditorList } from "./editor-list";
import { actOf, wayOf } from "./editor-keys";
import { onPointer } from "./editor-mouse";
import { EditorView } from "./editor-view";
import { type Words, keysAct, post, say } from "./net";
import type { Pane } from "./pane";
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
  boxes_by: string; // "officer": somebody has set them by hand
  may_edit: boolean;
  urls: Record<"save" | "propose" | "lay" | "turn" | "corners" | "next" | "before" | "self", string>;
  words: Words;
}

export class Editor {
  private regions: Region[];
  private chosen: number | null = null;
  private readonly history = new History();
  private readonly view: EditorView;
  private pane!: Pane;
  private corners: Corners | null = null;
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
    const list = new EditorList(root, data.words, data.size, {
      choose: (id) => this.choose(id, true),
      put: (box) => this.change(() => this.replace(fitted(box, data.size))),
    });
    this.view = new EditorView(root, data.words, list, (id) => this.choose(id, false));
    this.showPage();
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("picture:missing", () => this.view.warn({ ok: false, status: 200, text: this.say("no_picture"), data: {} }));
    root.addEventListener("submit", (event) => void this.saveFirst(event));
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

  // ---- drawing

  private showPage(): void {
    this.corners?.pane.leave();
    this.corners = null;
    this.root.classList.remove("is-corners");
    this.view.announce("");
    this.pane = this.view.open(this.data.size, this.data.picture, () => this.draw());
    this.pane.svg.addEventListener("pointerdown", (down) => this.onDown(down));
    this.draw();
  }

  private draw(): void {
    if (!this.pane || this.corners) return;
    const { regions, chosen, isDirty, isHand, history } = this;
    this.view.draw(this.pane, { regions, chosen, isDirty, isHand, mayUndo: history.mayUndo, mayRedo: history.mayRedo });
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
    if (focus) this.view.focus(found.id);
  }

  private change(act: () => void): void {
    if (!this.data.may_edit) return;
    this.history.keep(this.regions);
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

  // ---- mouse, pen and keys

  private onDown(down: PointerEvent): void {
    onPointer(down, this.pane, {
      size: this.data.size,
      mayEdit: this.data.may_edit,
      isHand: () => this.isHand,
      take: (id) => { this.choose(id, true); return this.present?.box; },
      keep: () => this.history.keep(this.regions),
      put: (box) => { this.replace(box); this.draw(); },
      sketch: (box) => this.view.sketchAs(box),
      drawn: (box) => this.addDrawn(box),
    });
  }

  private addDrawn(box: Box | null): void {
    if (!box) return this.choose(null, false);
    const made = region("case", box);
    this.change(() => (this.regions = inReadingOrder([...this.regions, made])));
    this.choose(made.id, true);
  }

  private onKey(event: KeyboardEvent): void {
    if (!keysAct(event)) return;
    const way = wayOf(event);
    if (way) {
      event.preventDefault();
      this.nudge(way, event.shiftKey, event.ctrlKey || event.metaKey);
      return;
    }
    const act = actOf(event, this.corners !== null);
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
      hand: () => { this.isHand = !this.isHand; this.view.press("hand", this.isHand); this.draw(); },
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
      turn: () => this.turn(),
      corners: () => this.showCorners(),
      save: () => this.save(false),
      confirm: () => this.save(true),
    };
  }

  private travel(to: Region[] | null): void {
    if (!to || !this.data.may_edit) return;
    this.regions = to;
    if (!this.present) this.chosen = null;
    this.draw();
    this.view.focus(this.chosen);
  }

  private remove(): void {
    const place = this.regions.findIndex((each) => each.id === this.chosen);
    this.change(() => (this.regions = this.regions.filter((each) => each.id !== this.chosen)));
    this.choose((this.regions[place] ?? this.regions[place - 1])?.id ?? null, true);
    this.view.announce(this.say("deleted", { n: this.regions.length }));
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
    this.view.calm();
    this.view.announce(this.say("working"));
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
      if (!answer.ok) return this.view.warn(answer);
      this.takeAll(answer.data["boxes"] as SavedBox[]);
      this.view.announce(answer.text);
    });
  }

  /** What somebody has set by hand is not lost by one key. */
  private async turn(): Promise<void> {
    const dialog = dialogById("turn-dialog");
    const isByHand = this.isDirty || this.data.boxes_by === "officer";
    if (isByHand && dialog && !(await ask(dialog))) return;
    await this.handOver(this.data.urls.turn, { by: 90 });
  }

  /** What makes the picture anew: the page is worked on again, and shows itself when it is done. */
  private handOver(url: string, body: Record<string, unknown>): Promise<void> {
    return this.busy(async () => {
      const answer = await post(url, { version: this.version, ...body });
      if (!answer.ok) return this.view.warn(answer);
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
    this.corners = new Corners(this.view.room, delivered.size, delivered.picture, delivered.corners, names, this.say("delivered"));
    this.view.announce(this.say("corners_help"));
  }

  private saveCorners(): Promise<void> {
    return this.handOver(this.data.urls.corners, { corners: this.corners?.points ?? null });
  }

  private save(confirm: boolean): Promise<void> {
    return this.busy(async () => {
      const next = await this.keep(confirm);
      if (confirm && next !== null) this.go(next || this.data.urls.next);
    });
  }

  /** Where one goes on; null when it was not saved. */
  private async keep(confirm: boolean): Promise<string | null> {
    const answer = await post(this.data.urls.save, { version: this.version, boxes: toSaved(this.regions), confirm });
    if (!answer.ok) {
      this.view.warn(answer);
      return null;
    }
    this.version = Number(answer.data["version"]);
    this.saved = this.state();
    this.data.boxes_by = "officer";
    this.view.announce(answer.text);
    this.draw();
    return String(answer.data["next"] ?? "");
  }

  /** A form that takes the boxes as they are saved ([data-saves-first]) is sent with those that are shown. */
  private async saveFirst(event: Event): Promise<void> {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    if (!form || !this.isDirty || form.dataset["savesFirst"] === undefined) return;
    event.preventDefault();
    await this.busy(async () => {
      if ((await this.keep(false)) === null) return;
      this.leaving = true;
      form.submit();
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
