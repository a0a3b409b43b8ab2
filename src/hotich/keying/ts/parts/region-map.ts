// A map of regions: one box a field over the picture of a case. A box is drawn for the field that is chosen; what lies
// around it is only outlined. The drawing is that of the editor of page boxes (digitisation).
import { wayOf } from "../../../digitisation/ts/parts/editor-keys";
import { onPointer } from "../../../digitisation/ts/parts/editor-mouse";
import { type Words, keysAct, post, say } from "../../../digitisation/ts/parts/net";
import { Pane, setAll, svgPart } from "../../../digitisation/ts/parts/pane";
import { makeRegion, placeRegion } from "../../../digitisation/ts/parts/region-drawing";
import { type Box, type Size, fitted, moved as dragged, resized } from "../../../digitisation/ts/parts/regions";
import { isTyping } from "../../../web/ts/parts/keys";
import { type Move, moved, movedBack } from "./region-moves";

type Regions = Record<string, Box>; // in shares of the picture the map was drawn on

export interface MapData {
  fields: { code: string; label: string }[];
  regions: Regions;
  proposal: Regions;
  copies: Record<string, Regions>;
  versions: Record<string, number>;
  pictures: string[];
  moves: Move[]; // how the map lies on each picture
  drawn_on: string | number | null; // whose shares the regions are; null: of the picture shown at saving
  save: string;
  words: Words;
}

const KEYS: Record<string, string> = {
  n: "same", b: "below", u: "undo", delete: "delete", backspace: "delete", pageup: "case_before", pagedown: "case_after",
  "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", "0": "fit_page", "9": "fit_width",
};
const STEP = 4; // pixels of the picture; with Ctrl ten times as far
const UNDO = 100;

/** Width and height of a picture; null when it cannot be shown. */
function measured(url: string): Promise<Size | null> {
  return new Promise((done) => {
    const picture = new Image();
    picture.onload = () => done({ width: picture.naturalWidth, height: picture.naturalHeight });
    picture.onerror = () => done(null);
    picture.src = url;
  });
}

export class MapEditor {
  private regions: Regions;
  private chosen: string;
  private saved: string;
  private past: string[] = [];
  private future: string[] = [];
  private place = 0;
  private pane!: Pane;
  private size: Size = { width: 1, height: 1 };
  private readonly region = makeRegion();
  private readonly others = svgPart("g", {});
  private readonly sketch = svgPart("rect", { class: "region-sketch", visibility: "hidden" });
  private isBusy = false;

  static async open(root: HTMLElement, data: MapData): Promise<void> {
    const made = new MapEditor(root, data);
    await made.show(0);
  }

  private constructor(
    private readonly root: HTMLElement,
    private readonly data: MapData,
  ) {
    this.regions = { ...data.regions };
    this.chosen = data.fields[0]?.code ?? "";
    this.saved = this.state();
    root.addEventListener("click", (event) => this.onClick(event));
    root.querySelectorAll<HTMLElement>("[data-field]").forEach((button) => {
      button.addEventListener("focus", () => this.choose(button.dataset["field"] ?? ""));
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  private get move(): Move | null {
    return this.data.moves[this.place] ?? null;
  }

  private say(key: string, figures: Record<string, string | number> = {}): string {
    return say(this.data.words, key, figures);
  }

  private state(): string {
    return JSON.stringify(this.data.fields.map(({ code }) => this.regions[code] ?? null));
  }

  private get isDirty(): boolean {
    return this.saved !== this.state();
  }

  // ---- the picture

  private async show(place: number): Promise<void> {
    const url = this.data.pictures[place];
    if (!url) return;
    const size = await measured(url);
    if (!size) return this.warn(this.say("no_picture"));
    this.place = place;
    this.size = size;
    this.pane?.leave();
    const room = this.root.querySelector<HTMLElement>("[data-map-pane]") as HTMLElement;
    this.pane = new Pane(room, size, url, this.say("picture"), () => this.draw());
    this.pane.svg.append(this.others, this.region, this.sketch);
    this.pane.svg.addEventListener("pointerdown", (down) => this.onDown(down));
    this.draw();
  }

  private toPixels(box: Box): Box {
    const { width, height } = this.size;
    const [left, top, right, bottom] = moved(box, this.move);
    return [left * width, top * height, right * width, bottom * height];
  }

  private toShares(box: Box): Box {
    const { width, height } = this.size;
    const shares = movedBack([box[0] / width, box[1] / height, box[2] / width, box[3] / height], this.move);
    return shares.map((side) => Math.min(1, Math.max(0, Math.round(side * 10000) / 10000))) as Box;
  }

  // ---- drawing

  private draw(): void {
    if (!this.pane) return;
    this.drawOthers();
    const label = this.labelOf(this.chosen);
    const box = this.regions[this.chosen];
    this.region.setAttribute("visibility", box ? "visible" : "hidden");
    if (box) {
      const unit = 1 / this.pane.scale;
      const look = { label: label.length > 30 ? `${label.slice(0, 29)}…` : label, name: this.nameOf(label, box), isChosen: true, unit };
      placeRegion(this.region, { id: 1, kind: "header", box: this.toPixels(box) }, look);
      this.region.classList.replace("is-header", "is-case");
    }
    this.drawList();
    this.tell("[data-map-scale]", `${Math.round(this.pane.scale * 100)}%`);
    this.tell("[data-map-case]", `${this.place + 1}/${this.data.pictures.length}`);
    this.tell("[data-map-state]", this.say(this.isDirty ? "unsaved" : "saved"));
    this.root.classList.toggle("is-dirty", this.isDirty);
    this.tell("[data-map-count]", this.say("count", { done: Object.keys(this.regions).length, all: this.data.fields.length }));
  }

  private drawOthers(): void {
    const shown = this.data.fields.flatMap(({ code }) => (code !== this.chosen && this.regions[code] ? [this.toPixels(this.regions[code])] : []));
    while (this.others.children.length > shown.length) this.others.lastElementChild?.remove();
    shown.forEach(([x, y, right, bottom], place) => {
      const rect = this.others.children[place] ?? this.others.appendChild(svgPart("rect", { class: "map-other" }));
      setAll(rect, { x, y, width: right - x, height: bottom - y });
    });
  }

  private drawList(): void {
    this.root.querySelectorAll<HTMLElement>("[data-field]").forEach((button) => {
      const code = button.dataset["field"] ?? "";
      const box = this.regions[code];
      button.setAttribute("aria-pressed", String(code === this.chosen));
      button.classList.toggle("has-place", box !== undefined);
      const text = box ? `${percent(box[0])}, ${percent(box[1])} · ${percent(box[2] - box[0])} × ${percent(box[3] - box[1])}` : this.say("none");
      button.querySelector("[data-place]")?.replaceChildren(text);
    });
  }

  private labelOf(code: string): string {
    return this.data.fields.find((field) => field.code === code)?.label ?? "";
  }

  private nameOf(label: string, [left, top, right, bottom]: Box): string {
    const figures = { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) };
    return this.say("region", { label, ...figures });
  }

  private tell(selector: string, text: string): void {
    const place = this.root.querySelector(selector);
    if (place && place.textContent !== text) place.textContent = text;
  }

  private warn(text: string): void {
    const place = this.root.querySelector<HTMLElement>("[data-map-trouble]");
    if (!place) return;
    place.querySelector("p")?.replaceChildren(text);
    place.hidden = text === "";
  }

  // ---- choosing and changing

  private choose(code: string): void {
    if (!code || this.chosen === code) return;
    this.chosen = code;
    this.draw();
    const box = this.regions[code];
    if (box) this.pane?.show(this.toPixels(box));
  }

  private change(act: () => void): void {
    this.past.push(JSON.stringify(this.regions));
    if (this.past.length > UNDO) this.past.shift();
    this.future = [];
    act();
    this.draw();
  }

  private put(box: Box): void {
    this.regions = { ...this.regions, [this.chosen]: this.toShares(box) };
  }

  private travel(from: string[], to: string[]): void {
    const found = from.pop();
    if (found === undefined) return;
    to.push(JSON.stringify(this.regions));
    this.regions = JSON.parse(found) as Regions;
    this.draw();
  }

  private neighbour(by: number): string {
    const at = this.data.fields.findIndex(({ code }) => code === this.chosen);
    return this.data.fields[at + by]?.code ?? "";
  }

  /** To the next field, in the list and on the picture. */
  private step(by: number): void {
    const code = this.neighbour(by);
    if (!code) return;
    const onPicture = document.activeElement === this.region;
    this.choose(code);
    const button = this.root.querySelector<HTMLElement>(`[data-field="${code}"]`);
    button?.scrollIntoView({ block: "nearest" });
    if (onPicture && this.regions[code]) this.region.focus({ preventScroll: true });
    else button?.focus({ preventScroll: true });
  }

  /** The next field has the same place, or the line below of the same size. */
  private useForNext(lines: number): void {
    const box = this.regions[this.chosen];
    const next = this.neighbour(1);
    if (!box || !next) return;
    const [left, top, right, bottom] = this.toPixels(box);
    const down = lines * (bottom - top);
    this.change(() => {
      this.chosen = next;
      this.put(dragged([left, top, right, bottom], 0, down, this.size));
    });
    const made = this.regions[next];
    if (made) this.pane.show(this.toPixels(made));
    this.root.querySelector(`[data-field="${next}"]`)?.scrollIntoView({ block: "nearest" });
    this.region.focus({ preventScroll: true });
  }

  // ---- mouse, pen and keys

  private onDown(down: PointerEvent): void {
    const at = this.pane.place(down);
    onPointer(down, this.pane, {
      size: this.size,
      mayEdit: true,
      isHand: () => false,
      take: () => {
        this.region.focus({ preventScroll: true });
        const box = this.regions[this.chosen];
        return box && this.toPixels(box);
      },
      keep: () => this.change(() => undefined),
      put: (box) => { this.put(box); this.draw(); },
      sketch: (box) => this.sketchAs(box),
      drawn: (box) => (box ? this.drawn(box) : this.pick(at)),
    });
  }

  private sketchAs(box: Box | null): void {
    if (!box) return this.sketch.setAttribute("visibility", "hidden");
    setAll(this.sketch, { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1], visibility: "visible" });
  }

  private drawn(box: Box): void {
    this.change(() => this.put(fitted(box, this.size)));
    this.region.focus({ preventScroll: true });
  }

  /** A click chooses the smallest box that lies there. */
  private pick({ x, y }: { x: number; y: number }): void {
    const inside = this.data.fields.flatMap(({ code }) => {
      const box = this.regions[code] && this.toPixels(this.regions[code]);
      if (!box || x < box[0] || x > box[2] || y < box[1] || y > box[3]) return [];
      return [{ code, area: (box[2] - box[0]) * (box[3] - box[1]) }];
    });
    inside.sort((one, other) => one.area - other.area);
    const found = inside[0]?.code;
    if (!found) return;
    this.choose(found);
    this.root.querySelector(`[data-field="${found}"]`)?.scrollIntoView({ block: "nearest" });
    this.region.focus({ preventScroll: true });
  }

  private onKey(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      void this.save();
      return;
    }
    if (!keysAct(event)) return;
    const way = wayOf(event);
    if (way) {
      event.preventDefault();
      this.nudge(way, event.shiftKey, event.ctrlKey || event.metaKey);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Enter" && (target === this.region || target?.matches("[data-field]"))) {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
      return;
    }
    const act = event.shiftKey && event.key.toLowerCase() === "u" ? "redo" : KEYS[event.key.toLowerCase()];
    if (!act || target?.matches("select, input")) return;
    event.preventDefault();
    this.act(act);
  }

  private nudge([x, y]: [number, number], isSize: boolean, isFar: boolean): void {
    const shares = this.regions[this.chosen];
    if (!shares) return;
    const box = this.toPixels(shares);
    const step = STEP * (isFar ? 10 : 1);
    const [dx, dy] = [x * step, y * step];
    const made = isSize ? resized(box, x ? "e" : "s", dx, dy, this.size) : dragged(box, dx, dy, this.size);
    this.change(() => this.put(made));
    this.pane.show(made);
  }

  private onClick(event: Event): void {
    const target = event.target instanceof Element ? event.target : null;
    const field = target?.closest<HTMLElement>("[data-field]");
    if (field) this.choose(field.dataset["field"] ?? "");
    const button = target?.closest<HTMLElement>("[data-act]");
    if (button) this.act(button.dataset["act"] ?? "");
  }

  private act(name: string): void {
    const acts: Record<string, () => unknown> = {
      next: () => this.step(1),
      same: () => this.useForNext(0),
      below: () => this.useForNext(1),
      delete: () => this.change(() => {
        const { [this.chosen]: _gone, ...rest } = this.regions;
        this.regions = rest;
      }),
      undo: () => this.travel(this.past, this.future),
      redo: () => this.travel(this.future, this.past),
      propose: () => this.takeAll(this.data.proposal, "proposed"),
      copy: () => this.takeAll(this.data.copies[this.root.querySelector<HTMLSelectElement>("[data-map-copy]")?.value ?? ""], "copied"),
      zoom_in: () => this.pane?.zoom(1),
      zoom_out: () => this.pane?.zoom(-1),
      fit_page: () => this.pane?.fitTo("page"),
      fit_width: () => this.pane?.fitTo("width"),
      case_before: () => this.show(this.place - 1),
      case_after: () => this.show(this.place + 1),
      save: () => this.save(),
    };
    acts[name]?.();
  }

  private takeAll(regions: Regions | undefined, told: string): void {
    if (!regions) return;
    this.change(() => (this.regions = { ...regions }));
    this.tell("[data-map-told]", this.say(told));
  }

  // ---- the server

  private async save(): Promise<void> {
    const scope = this.root.querySelector<HTMLInputElement>("input[name=scope]:checked")?.value ?? "";
    if (this.isBusy) return;
    this.isBusy = true;
    const sent = this.state();
    const drawn_on = this.data.drawn_on ?? this.place;
    const version = this.data.versions[scope] ?? 0;
    const answer = await post(this.data.save, { scope, regions: this.regions, version, drawn_on });
    this.isBusy = false;
    if (!answer.ok) return this.warn(answer.text || this.say(answer.status === 0 ? "line_down" : "not_done"));
    this.data.versions[scope] = Number(answer.data["version"]);
    this.data.drawn_on = drawn_on;
    this.saved = sent;
    this.warn("");
    this.tell("[data-map-told]", this.say("kept"));
    this.draw();
  }
}

function percent(share: number): string {
  return String(Math.round(share * 1000) / 10).replace(".", ",");
}
