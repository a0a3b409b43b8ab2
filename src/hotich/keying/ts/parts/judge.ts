// Findings of the checks beside the fields: what stands under which, what was confirmed and why, what holds up a save.
import { findings, type Check, type Finding, type Lists } from "./checks";
import { textsOf } from "./completion";
import type { Form } from "./form";
import type { Confirmation, PackageData, Problem, Value } from "./shapes";
import { say } from "./words";

/** Without these nothing can be stored at all, whatever the book says. */
const REJECTING = new Set(["registration_number_missing", "text_too_long"]);

/** What is found here is said of the book, not of the case: confirmed once, it is confirmed as long as the same stands there. */
const OF_THE_BOOK = new Set(["register_book_no", "registration_office", "registration_type"]);
/** What a child mostly has from its parents, and is carried over from the child before. */
const OF_PARENTS = ["ethnicity", "nationality"];

interface Told extends Finding {
  text: string;
}

export class Judge {
  readonly #checks: Check[];
  readonly #lists: Lists;
  readonly #confirmed = new Map<string, Confirmation>();
  /** What the server found when the case was sent; it stands until the field is changed. */
  #fromServer: Problem[] = [];
  #found: Told[] = [];
  #carried: ReadonlySet<string> = new Set();
  readonly #ofBook = new Map<string, { confirmation: Confirmation; text: string }>();

  constructor(
    data: PackageData,
    private readonly form: Form,
    private readonly numbersKnown: () => ReadonlySet<string>,
  ) {
    this.#checks = data.form.checks as unknown as Check[];
    this.#lists = data.form.lists as unknown as Lists;
  }

  /** `carried`: the fields that go on from the case before. */
  begin(confirmed: readonly Confirmation[], problems: readonly Problem[], carried: ReadonlySet<string> = new Set()): void {
    this.#carried = carried;
    this.#confirmed.clear();
    for (const each of confirmed) this.#confirmed.set(`${each.code}|${each.field}`, each);
    this.#fromServer = [...problems];
    this.#found = [];
  }

  /** Notes what was confirmed of the book itself in a case that is kept. */
  standsInBook(confirmed: readonly Confirmation[], values: Record<string, Value>): void {
    const texts = textsOf(values);
    for (const each of confirmed) {
      if (OF_THE_BOOK.has(each.field)) this.#ofBook.set(`${each.code}|${each.field}`, { confirmation: each, text: texts[each.field] ?? "" });
    }
  }

  get confirmed(): Confirmation[] {
    const standing = new Set(this.#found.map((each) => `${each.code}|${each.field}`));
    return [...this.#confirmed].filter(([key]) => standing.has(key)).map(([, each]) => each);
  }

  /** A changed field is judged anew: what was confirmed of it, or found by the server, no longer holds. */
  changed(field: string): void {
    for (const key of [...this.#confirmed.keys()]) if (key.endsWith(`|${field}`)) this.#confirmed.delete(key);
    this.#fromServer = this.#fromServer.filter((each) => each.field !== field);
  }

  /** Looks at the whole case and shows what there is to say about the fields that were left already (or all). */
  look(values: Record<string, Value>, all: boolean): void {
    const own = findings(this.#checks, this.#lists, values, todayNumber());
    const number = values["registration_number"];
    const told: Told[] = own.map((each) => ({ ...each, text: say(each.code, each.params) }));
    if (typeof number === "string" && this.numbersKnown().has(number)) {
      told.push({ code: "number_in_package", field: "registration_number", severity: "warning", params: {}, text: say("number_in_package") });
    }
    told.push(...this.#unlikeParents(values));
    for (const each of this.#fromServer) {
      if (told.some((known) => known.code === each.code && known.field === each.field)) continue;
      told.push({ code: each.code, field: each.field, severity: each.severity === "error" ? "error" : "warning", params: {}, text: each.text });
    }
    this.#found = told;
    this.#confirmAsBefore(values);
    this.paint(all);
  }

  /** What goes on from the child before and neither parent has: nobody has looked at it yet. */
  #unlikeParents(values: Record<string, Value>): Told[] {
    const texts = textsOf(values);
    return OF_PARENTS.flatMap((what) => {
      const field = `child_${what}`;
      const own = texts[field];
      const parents = [texts[`father_${what}`], texts[`mother_${what}`]].filter(Boolean);
      if (!own || !parents.length || parents.includes(own) || !this.#carried.has(field)) return [];
      const box = this.form.box(field);
      if (!box?.row.classList.contains("is-carried")) return [];
      box.touched = true; // Enter passes it by: said at once
      return [{ code: "carried_unlike_parents", field, severity: "warning" as const, params: {}, text: say("carried_unlike_parents") }];
    });
  }

  #confirmAsBefore(values: Record<string, Value>): void {
    const texts = textsOf(values);
    for (const each of this.#found) {
      const before = this.#ofBook.get(keyOf(each));
      if (!before || this.isConfirmed(each) || before.text !== (texts[each.field] ?? "")) continue;
      this.#confirmed.set(keyOf(each), before.confirmation);
    }
  }

  paint(all: boolean): void {
    const byField = grouped(this.#found);
    for (const box of this.form.boxes) {
      const mine = all || box.touched ? (byField.get(box.field.code) ?? []) : [];
      const open = mine.filter((each) => !this.isConfirmed(each));
      const worst = open.find((each) => each.severity === "error") ?? open[0];
      if (worst) this.form.tell(box, worst.severity, worst.text);
      else if (mine[0]) this.form.tell(box, "confirmed", say("confirmed", { reason: this.#confirmed.get(keyOf(mine[0]))?.reason ?? "" }));
      else this.form.tell(box, "", "");
    }
  }

  isConfirmed(finding: Finding): boolean {
    return this.#confirmed.has(keyOf(finding));
  }

  /** What still holds up the save, in the order of the form; findings about the whole case first. */
  get open(): Told[] {
    const order = new Map(this.form.boxes.map((box, place) => [box.field.code, place]));
    return this.#found.filter((each) => !this.isConfirmed(each)).sort((a, b) => (order.get(a.field) ?? -1) - (order.get(b.field) ?? -1));
  }

  openOf(field: string): Told[] {
    return this.open.filter((each) => each.field === field);
  }

  canConfirm(finding: Finding): boolean {
    return !REJECTING.has(finding.code);
  }

  confirm(list: readonly Finding[], reason: string): void {
    for (const { code, field } of list) this.#confirmed.set(`${code}|${field}`, { code, field, reason });
  }
}

const keyOf = (finding: Finding): string => `${finding.code}|${finding.field}`;

function grouped(list: Told[]): Map<string, Told[]> {
  const made = new Map<string, Told[]>();
  for (const each of list) made.set(each.field, [...(made.get(each.field) ?? []), each]);
  return made;
}

function todayNumber(): number {
  const now = new Date();
  return now.getFullYear() * 10_000 + (now.getMonth() + 1) * 100 + now.getDate();
}
