// The checks made while somebody types, out of the package's own list: keying/rules/client_checks.py makes it, and
// client_findings.py runs the same in Python; both are kept alike by tests/contract/test_keying_checks_parity.py.
import { readFigures, type ReadDate, type Span } from "./dates";
import type { Value } from "./shapes";
import { bareKey } from "./text";

export type ListEntry = [value: string, label: string, words?: string[]];
export type Lists = Record<string, ListEntry[]>;

export interface Check {
  check: string;
  code: string;
  severity: "error" | "warning";
  field?: string;
  first?: string;
  second?: string;
  strict?: boolean;
  report?: string;
  reasons?: string[];
  owner?: string;
  excuse?: string;
  other?: string;
  home?: string;
  list?: string;
  also?: string[];
  prefixes?: string[];
  limit?: number;
}

export interface Finding {
  code: string;
  field: string;
  severity: "error" | "warning";
  /** What fills the text: the value, and for an order of days the other one. */
  params: Record<string, string>;
}

const REGISTERED = "@registered";
const NUMBER = /^(\d{1,5})([A-Za-z]?)((?:\(\d{1,3}\))?)(?: ?\/ ?((?:18|19|20)\d{2}))?$/;
const BOOK = /^(\d{1,3})([A-Za-z]?)(?: ?\/ ?((?:18|19|20)\d{2}))?$/;
const BOOK_LABEL = /^(\d{1,3})([A-Za-z]?) ?- ?TP\/HT ?- ?((?:18|19|20)\d{2})(?: ?- ?([A-Z]{2,4}))?$/i;
const TIME = /^(\d{1,2}) ?(?::|\.|h|g|giờ) ?(?:(\d{1,2}) ?(?:'|’|p|ph|phút)?)?(?::00)?$/i;
const SYMBOL = /[!@#$%^&*_+=<>?/\\|;:"()[\]{}~,]/;
const ONE_WORD = /^[A-Za-zÀ-ỹĐđ]{2,}$/;
const MINORITY_LETTER = /[ĕĭŏŭƀĔĬŎŬɃ]/;

class Entry {
  readonly text = new Map<string, string>();
  readonly reason = new Map<string, string>();
  readonly numberYear: number | null;
  readonly registered: Span | null;
  readonly #dates = new Map<string, ReadDate>();

  constructor(
    values: Record<string, Value>,
    readonly lists: Lists,
    readonly today: number | null,
  ) {
    for (const [name, raw] of Object.entries(values)) {
      const text = (typeof raw === "string" ? raw : raw.text).split(/\s+/u).filter(Boolean).join(" ");
      if (text) this.text.set(name, text);
      if (typeof raw !== "string" && raw.reason) this.reason.set(name, raw.reason);
    }
    const year = NUMBER.exec(this.text.get("registration_number") ?? "")?.[4];
    this.numberYear = year ? Number(year) : null;
    let registered = this.date("registration_date").span;
    if (!registered && this.numberYear !== null) {
      const first = this.numberYear * 10_000;
      registered = { earliest: first + 101, latest: first + 1231, isDay: false };
    }
    this.registered = registered;
  }

  date(name: string): ReadDate {
    let read = this.#dates.get(name);
    if (!read) this.#dates.set(name, (read = readFigures(this.text.get(name) ?? "")));
    return read;
  }

  span(name: string): Span | null {
    return name === REGISTERED ? this.registered : this.date(name).span;
  }
}

/** What is to be said about an entry, in the order of the checks. `today` as yyyymmdd. */
export function findings(checks: Check[], lists: Lists, values: Record<string, Value>, today: number | null): Finding[] {
  const entry = new Entry(values, lists, today);
  return checks.filter((check) => fails(check, entry)).map((check) => found(check, entry));
}

function found(check: Check, entry: Entry): Finding {
  const field = check.report || check.field || "";
  const text = entry.text.get(field) ?? "";
  const params: Record<string, string> = { text, number: text, book: text, date: text, parent: text };
  if (check.check === "order") {
    const other = check.first === field ? check.second! : check.first!;
    params["other"] = params["child"] = entry.text.get(other === REGISTERED ? "registration_date" : other) ?? "";
  }
  if (entry.registered) params["year"] = String(Math.floor(entry.registered.latest / 10_000));
  if (check.limit) Object.assign(params, { limit: String(check.limit), length: String(text.length) });
  if (entry.today) params["today"] = String(entry.today).replace(/^(\d{4})(\d{2})(\d{2})$/, "$3.$2.$1");
  return { code: check.code, field, severity: check.severity, params };
}

function fails(check: Check, entry: Entry): boolean {
  if (check.check === "order") return outOfOrder(check, entry);
  const field = check.field!;
  if (check.check === "given" || check.check === "minimum") {
    if (entry.text.has(field) || check.reasons!.includes(entry.reason.get(field) ?? "-")) return false;
    return check.check === "given" || !isExcused(check, entry);
  }
  const text = entry.text.get(field);
  if (text === undefined) return false;
  const ofText = OF_TEXT[check.check];
  if (ofText) return ofText(text);
  if (check.check === "code") return !isOnList(check, entry.lists[check.list!] ?? [], text);
  if (check.check === "long") return [...text].length > check.limit!;
  return wrongDate(check, entry, text);
}

function wrongDate(check: Check, entry: Entry, text: string): boolean {
  const read = readFigures(text);
  switch (check.check) {
    case "date":
      return read.fault === check.code;
    case "whole":
      return read.span !== null && !read.span.isDay;
    case "future":
      return read.span !== null && entry.today !== null && read.span.earliest > entry.today;
    case "year_of_number": {
      const registered = entry.date("registration_date").span;
      if (!registered || entry.numberYear === null) return false;
      return entry.numberYear < Math.floor(registered.earliest / 10_000) || entry.numberYear > Math.floor(registered.latest / 10_000);
    }
    default: {
      const year = bookYear(text);
      return entry.registered !== null && year !== null && year > Math.floor(entry.registered.latest / 10_000);
    }
  }
}

function outOfOrder(check: Check, entry: Entry): boolean {
  const first = entry.span(check.first!);
  const second = entry.span(check.second!);
  if (!first || !second) return false;
  return check.strict ? first.earliest >= second.latest : first.earliest > second.latest;
}

function isExcused(check: Check, entry: Entry): boolean {
  if (check.owner && !entry.text.has(check.owner)) return true;
  const other = entry.text.get(check.other ?? "") ?? "";
  if (check.excuse === "blank") return !other;
  if (check.excuse === "filled") return other !== "";
  return check.excuse === "foreign" && other !== "" && bareKey(other) !== bareKey(check.home!);
}

const known = new WeakMap<ListEntry[], Set<string>>();

/** Every word of a list, by its key; worked out once a list. */
export function wordsOf(entries: ListEntry[]): Set<string> {
  let keys = known.get(entries);
  if (!keys) {
    keys = new Set(entries.flatMap(([value, label, words]) => [value, label, afterDash(label), ...(words ?? [])].map(bareKey)));
    keys.delete("");
    known.set(entries, keys);
  }
  return keys;
}

function afterDash(label: string): string {
  const at = label.indexOf(" – ");
  return at < 0 ? "" : label.slice(at + 3);
}

const doubts = new WeakMap<Check, string[]>();

function alsoOf(check: Check): string[] {
  let keys = doubts.get(check);
  if (!keys) doubts.set(check, (keys = (check.also ?? []).map(bareKey)));
  return keys;
}

function isOnList(check: Check, entries: ListEntry[], text: string): boolean {
  const keys = wordsOf(entries);
  const also = alsoOf(check);
  const written = [text, text.replace(/\s*\([^)]*\)\s*$/, "")];
  const tries = [...written];
  for (const prefix of check.prefixes ?? []) {
    for (const each of written) if (each.toLowerCase().startsWith(prefix)) tries.push(each.slice(prefix.length));
  }
  return tries.some((each) => {
    const key = bareKey(each);
    return key !== "" && (keys.has(key) || also.includes(key));
  });
}

function book(text: string): RegExpExecArray | null {
  return BOOK.exec(text) ?? BOOK_LABEL.exec(text);
}

function bookYear(text: string): number | null {
  const year = book(text)?.[3];
  return year ? Number(year) : null;
}

const OF_TEXT: Record<string, (text: string) => boolean> = {
  number: (text) => !NUMBER.test(text),
  number_year: (text) => NUMBER.exec(text)?.[4] === undefined && NUMBER.test(text),
  book: (text) => !book(text),
  book_year: (text) => book(text) !== null && bookYear(text) === null,
  page: (text) => !/^\d+$/.test(text),
  time: (text) => {
    const parts = TIME.exec(text);
    return !parts || Number(parts[1]) > 23 || Number(parts[2] ?? 0) > 59;
  },
  twelve: (text) => !/^\d{12}$/.test(text.replaceAll(" ", "").replaceAll(".", "")),
  name_digit: (text) => /\d/.test(text),
  name_symbol: (text) => SYMBOL.test(text),
  name_single: (text) => ONE_WORD.test(text) && !MINORITY_LETTER.test(text),
};
