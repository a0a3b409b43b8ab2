// The keying of one package: which case is in the form, what goes on from the one before, how a case is kept.
import { ask, reasonsToConfirm, sure, type Choice } from "./asks";
import { isSecond, startOf } from "./carry";
import { Combo } from "./combo";
import { Completion } from "./completion";
import { part, write } from "./dom";
import { Editing } from "./editing";
import { Form, type Box } from "./form";
import { Frame } from "./frame";
import { Judge } from "./judge";
import { Meter } from "./meter";
import { Notes, type Note } from "./notes";
import { keepIn, Places, type Place } from "./places";
import { Population, type Ask } from "./population";
import { mapFor, moved } from "./region-moves";
import { Scan } from "./scan";
import type { KeyedItem, Kept, PackageData, Value } from "./shapes";
import { Table } from "./table";
import { say } from "./words";

/** What the screen needs from outside: the browser's store, or for practice nothing that stays. */
export interface Outside {
  keep(item: KeyedItem, label: string): Promise<void>;
  picture(place: Place): Promise<Blob | undefined>;
  saveDraft(draft: Record<string, unknown> | undefined): Promise<void>;
  kept(place: Place, item: KeyedItem): void;
  /** Something to be read before the next case is opened. */
  after?(): Promise<void>;
  /** Asks the population database; there is none for practice, and for whoever may not. */
  ask?: Ask | undefined;
}

export class Screen {
  readonly form: Form;
  readonly combo: Combo;
  readonly places: Places;
  readonly meter = new Meter();
  readonly frame = new Frame();
  readonly scan: Scan;
  readonly judge: Judge;
  readonly notes: Notes;
  readonly table: Table;
  readonly completion: Completion;
  readonly edit: Editing;
  readonly population: Population;
  at = -1;
  /** Values that came by themselves; a case with nothing else in it is still untouched. */
  #given = "";
  #busy = false;
  #moved: Promise<void> = Promise.resolve();
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #peek = 0;

  constructor(
    readonly data: PackageData,
    kept: readonly Kept[],
    private readonly outside: Outside,
  ) {
    this.completion = new Completion(data);
    const root = part("keying-form");
    this.form = new Form(root, data, this.completion);
    this.combo = new Combo(part("keying-fields"), this.completion, () => this.form.values(), this.frame, (picked) => this.edit.accept(picked.text, picked.whole));
    this.places = new Places(data, kept);
    this.scan = new Scan(part("keying-scan"));
    this.judge = new Judge(data, this.form, () => this.places.numbers(this.place));
    const fields = this.form.boxes.map((box) => box.field);
    this.notes = new Notes(data.form.annotation_kinds as unknown as string[], fields, () => this.#notesChanged());
    const table = part<HTMLTableElement>("keying-table");
    this.table = new Table(table.tBodies[0]!, table.tHead!.rows[0]!, this.form);
    for (const place of this.places.list) {
      if (place.state !== "case") continue;
      this.completion.learn(place.values);
      this.judge.standsInBook(place.confirmed, place.values);
    }
    this.population = new Population(data, this.form, this.completion, {
      ask: outside.ask,
      entry: () => this.place.clientId,
      announce: (text, isRefusal) => this.announce(text, isRefusal),
      changed: () => this.#changed(),
    });
    this.edit = new Editing(this.form, this.combo, this.judge, this.meter, this.frame, {
      before: () => this.places.before(this.at).at(-1),
      numberScope: data.package.book.number_scope,
      isExpected: () => this.place.item.number !== null,
      entered: (box) => this.#follow(box),
      changed: () => this.#changed(),
    });
  }

  get place(): Place {
    return this.places.list[this.at]!;
  }

  get isTable(): boolean {
    return document.body.classList.contains("is-table");
  }

  // ---- cases

  /** Opens a place; `draft`: what was half typed there when the browser went away. */
  async open(at: number, draft?: Record<string, unknown>): Promise<void> {
    if (!this.places.list[at]) return;
    this.at = at;
    this.#peek = 0;
    const { place } = this;
    const start = place.state === "open" ? startOf(this.data, place.item, this.places.before(at)) : null;
    const values = start?.values ?? place.values;
    this.meter.reset(Number(draft?.["strokes"] ?? 0) || place.strokes, Number(draft?.["activeMs"] ?? 0) || place.activeMs);
    this.form.fill(values, start?.carried ?? new Set(), start?.proposed ?? new Set());
    for (const box of this.form.boxes) this.edit.tidyBox(box); // as leaving it would: that is no work of the keyer
    this.#given = JSON.stringify(this.form.values());
    const typed = draft?.["values"] as Record<string, Value> | undefined;
    if (typed) this.form.fill(typed, new Set(), new Set());
    this.notes.list = structuredClone((draft?.["notes"] as Note[] | undefined) ?? (place.notes as Note[]));
    this.population.begin(place.population, draft?.["population"]);
    this.judge.begin(place.confirmed, place.problems, start?.carried);
    if (place.state !== "open") this.judge.look(this.form.values(), true);
    this.#paintPlace();
    if (this.isTable) this.table.enter(place.item.id);
    const first = this.edit.first;
    if (first) this.form.focus(first);
    void this.#showPicture(place);
  }

  /** Another case, after what is in the form was kept as a draft, or thrown away if it is as it came. A key that comes
   *  while a move is under way takes its turn. */
  go(by: 1 | -1): Promise<void> {
    return (this.#moved = this.#moved.catch(() => undefined).then(() => this.#step(by)));
  }

  async #step(by: 1 | -1): Promise<void> {
    const next = this.at + by;
    if (next < 0 || next >= this.places.list.length) return;
    if (this.isChanged && !(await sure(say("leave_title"), say("leave_text")))) return;
    await this.#saveDraft(undefined);
    await this.open(next);
  }

  get isChanged(): boolean {
    const { place } = this;
    const [now, before] = [[this.notes.list, this.population.choices], [place.notes, place.population]];
    return JSON.stringify(this.form.values()) !== this.#given || JSON.stringify(now) !== JSON.stringify(before);
  }

  /** Keeps the case and goes on. What holds it up is shown; a warning is asked about one after the other. */
  async save(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const active = this.edit.box;
      if (active) this.edit.tidyBox(active);
      for (const box of this.form.boxes) box.touched = true;
      this.judge.look(this.form.values(), true);
      while (this.judge.open.length) {
        if (!(await this.confirm(this.judge.open[0]!.field, true))) return;
      }
      await this.#keep("case", "");
    } finally {
      this.#busy = false;
    }
  }

  /** F9: says that a finding of the field may stand, and why. Answers whether nothing of it is open any more. */
  async confirm(field: string, mayStep = false): Promise<boolean> {
    const found = this.judge.openOf(field);
    const box = this.form.box(field);
    if (!found.length) return !mayStep;
    if (box) this.form.focus(box);
    const rejecting = found.find((each) => !this.judge.canConfirm(each));
    if (rejecting) {
      this.announce(rejecting.text, true);
      return false;
    }
    const isError = found.some((each) => each.severity === "error");
    if (isError && mayStep && !this.#askedErrors(found.map((each) => each.code + each.field).join())) {
      this.announce(found[0]!.text, true);
      return false;
    }
    const title = box ? box.field.label : this.data.package.title;
    const answer = await ask(title, [...found.map((each) => each.text), isError ? say("error_stands") : ""].join(" ").trim(), reasonsToConfirm(), { label: say("other_reason") });
    if (box) this.form.focus(box);
    if (!answer) return false;
    this.judge.confirm(found, answer.words);
    this.judge.paint(true);
    return true;
  }

  #lastErrors = "";
  /** An error first sends the keyer back to the field; saving again with the same error asks whether it stands in the book. */
  #askedErrors(print: string): boolean {
    const again = this.#lastErrors === print + JSON.stringify(this.form.values());
    this.#lastErrors = print + JSON.stringify(this.form.values());
    return again;
  }

  /** A number struck out, a page that is missing, a page without a case: kept with a reason instead of values. */
  async noCase(): Promise<void> {
    const choices: Choice[] = ["void", "missing", "blank"].map((code) => ({ code, label: say(`state_${code}`) }));
    const which = await ask(say("no_case_title"), say("no_case_text"), choices, null);
    if (!which) return this.edit.refocus();
    const why = ["void_1", "void_2", "void_3"].map((code) => ({ code, label: say(`${which.code}_reason_${code.slice(-1)}`) }));
    const reason = await ask(say(`state_${which.code}`), "", why, { label: say("other_reason") });
    if (!reason) return this.edit.refocus();
    await this.#keep(which.code as KeyedItem["state"], reason.words);
  }

  /**
   * A case found between two others: with a suffix (12a, 12(1)) or a number of its own. Who has just been sent on to a place
   * and has keyed nothing there means the case before it; else it stands behind the case that is open.
   */
  async extraCase(): Promise<void> {
    const isAhead = this.at > 0 && this.place.state === "open" && !this.isChanged;
    if (this.isChanged && !(await sure(say("leave_title"), say("leave_text")))) return;
    const made = this.places.insert(isAhead ? this.at - 1 : this.at);
    if (this.isTable) this.drawTable();
    await this.open(this.places.list.indexOf(made));
    const before = this.places.list[this.at - 1];
    const number = before?.values["registration_number"];
    const box = this.form.box("registration_number");
    if (box && typeof number === "string") {
      this.form.put(box, number.replace(/^(\d+)([a-z]?)(.*)$/i, (_, n: string, s: string, rest: string) => `${n}${s ? String.fromCharCode(s.charCodeAt(0) + 1) : "a"}${rest}`));
      box.row.classList.add("is-proposed");
      this.form.focus(box);
    }
  }

  async #keep(state: KeyedItem["state"], reason: string): Promise<void> {
    const { place } = this;
    const item = this.#item(state, reason);
    const label = this.#label(item);
    try {
      await this.outside.keep(item, label);
    } catch (error) {
      this.announce(say("not_kept"), true);
      throw error;
    }
    keepIn(place, item);
    this.outside.kept(place, item);
    this.completion.learn(item.values);
    this.judge.standsInBook(item.confirmed, item.values);
    this.combo.leave();
    await this.#saveDraft(undefined);
    await this.outside.after?.();
    const next = this.places.nextOpen(this.at + 1);
    if (this.isTable) {
      this.table.leave();
      this.table.update(place.item.id, place.values, state === "case" ? "" : say(`state_${state}`));
    }
    this.announce(next < 0 ? say(isSecond(this.data) ? "all_done_second" : "all_done") : say("kept", { label }));
    await this.open(next < 0 ? this.at : next);
  }

  #item(state: KeyedItem["state"], reason: string): KeyedItem {
    const { place, data } = this;
    const isCase = state === "case";
    const values = isCase ? this.form.values() : {};
    const written = values["registration_number"];
    const number = /^(\d+)([^/]*)/.exec(typeof written === "string" ? written : "");
    return {
      client_id: place.clientId,
      package: data.package.id,
      item: place.after ? null : place.item.id,
      after: place.after,
      revision: place.revision + 1,
      kind: data.package.kind === "practice" ? "key" : data.package.kind,
      schema_version: data.package.schema_version,
      state,
      reason,
      values,
      annotations: isCase ? this.notes.list : [],
      confirmed: isCase ? this.judge.confirmed : [],
      saved_at: Date.now(),
      strokes: this.meter.strokes,
      active_ms: Math.round(this.meter.activeMs),
      number: number ? Number(number[1]) : place.item.number,
      number_suffix: number ? number[2]!.trim().slice(0, 8) : place.item.suffix,
      population: isCase ? this.population.choices : {},
    };
  }

  #label(item: KeyedItem): string {
    const text = (code: string): string => {
      const raw = item.values[code];
      return raw === undefined ? "" : typeof raw === "string" ? raw : raw.text;
    };
    const name = this.form.boxes.find((box) => box.field.kind === "name" && !box.field.carry && text(box.field.code));
    const number = text("registration_number") || (item.number ? String(item.number) : say("place_n", { n: this.at + 1 }));
    return [number, item.state === "case" ? (name ? text(name.field.code) : "") : say(`state_${item.state}`)].filter(Boolean).join(" – ");
  }

  async openNotes(): Promise<void> {
    const { box } = this.edit;
    await this.notes.open();
    if (box) this.form.focus(box);
  }

  /** Page Up and Page Down: through the picture, and at its end to that of the next or the former case. */
  async turn(by: 1 | -1): Promise<void> {
    if (this.scan.page(by)) return;
    const at = this.at + this.#peek + by;
    const other = this.places.list[at];
    if (!other) return;
    this.#peek += by;
    await this.#showPicture(other);
    this.scan.follow(null, by > 0 ? 0 : 1);
  }

  /** A case that came back: with what the server found. */
  async mend(place: Place): Promise<void> {
    if (this.isChanged && place !== this.place && !(await sure(say("leave_title"), say("leave_text")))) return;
    if (this.isTable) this.drawTable();
    await this.open(this.places.list.indexOf(place));
  }

  setTable(on: boolean): void {
    document.body.classList.toggle("is-table", on);
    this.combo.leave(); // its list is for the field where it was
    const { box } = this.edit;
    if (on) {
      this.drawTable();
      this.table.enter(this.place.item.id);
    } else this.table.leave();
    const first = box ?? this.edit.first;
    if (first) this.form.focus(first);
  }

  drawTable(): void {
    const words = (place: Place): string => (place.state === "open" || place.state === "case" ? "" : say(`state_${place.state}`));
    const rows = this.places.list.map((place) => ({ item: place.item, values: place.values, words: words(place) }));
    this.table.draw(rows, (id) => void this.#jump(id));
  }

  async #jump(id: string): Promise<void> {
    if (!this.isChanged || (await sure(say("leave_title"), say("leave_text")))) await this.open(this.places.at(id));
  }

  announce(text: string, isRefusal = false): void {
    part("keying-said").className = `k-said-line${text.length > 60 ? " is-long" : ""}${isRefusal ? " is-refusal" : ""}`;
    write(part("keying-said"), text);
  }

  #follow(box: Box): void {
    if (this.#peek) {
      this.#peek = 0;
      void this.#showPicture(this.place);
    }
    const { picture } = this.place.item;
    const map = mapFor(picture, this.data.regions);
    const drawn = map[box.field.code];
    const share = this.form.boxes.indexOf(box) / Math.max(1, this.form.boxes.length - 1);
    this.scan.follow(drawn ? moved(drawn, picture?.move) : null, share, Object.keys(map).length > 0);
  }

  #notesChanged(): void {
    this.#paintPlace();
    this.#changed();
  }

  #changed(): void {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => {
      this.population.paint();
      void this.#saveDraft(this.#draft());
    }, 250);
  }

  #draft(): Record<string, unknown> {
    const { place, meter } = this;
    return {
      item: place.item.id, after: place.after, client_id: place.clientId, values: this.form.values(), notes: this.notes.list,
      population: this.population.draft, strokes: meter.strokes, activeMs: meter.activeMs,
    };
  }

  async #saveDraft(draft: Record<string, unknown> | undefined): Promise<void> {
    clearTimeout(this.#draftTimer);
    await this.outside.saveDraft(draft).catch(() => this.announce(say("not_kept"), true));
  }

  #paintPlace(): void {
    const { place } = this;
    const { number, suffix, picture } = place.item;
    const where = { n: this.at + 1, total: this.places.list.length, done: this.places.done, number: `${number}${suffix}` };
    // nothing else tells a second person with the paper book which case is meant
    const isTold = isSecond(this.data) && number !== null && !picture;
    write(part("keying-place"), say(isTold ? "place_of_number" : "place_of", where));
    const notes = part("keying-note-count");
    write(notes, this.notes.list.length ? say("notes_n", { n: this.notes.list.length }) : "");
    const returned = part("keying-returned");
    write(returned, place.returned || (place.state !== "open" && place.state !== "case" ? say(`state_${place.state}`) : ""));
    returned.hidden = !returned.textContent;
  }

  async #showPicture(place: Place): Promise<void> {
    const picture = await this.outside.picture(place).catch(() => undefined);
    const n = this.places.list.indexOf(place) + 1;
    write(part("keying-peek"), place === this.place ? "" : say("peek_of", { n, total: this.places.list.length }));
    await this.scan.show(picture ?? null, say(!place.item.picture ? "no_picture" : picture ? "picture_of" : "picture_not_here", { n }));
  }
}
