// What stands in the form before a key is pressed: fields that go on from the case before, the next number, the page.
import type { PackageData, PackageItem, Value } from "./shapes";
import { textsOf } from "./completion";

export interface Start {
  values: Record<string, Value>;
  /** Taken over from the case before; Enter passes them by. */
  carried: Set<string>;
  /** Worked out, to be compared with the picture: number and page. */
  proposed: Set<string>;
}

/** The first values of a case. `kept`: the cases kept so far, in order, the last one last. */
export function startOf(data: PackageData, item: PackageItem | null, kept: readonly Record<string, Value>[]): Start {
  const fields = data.form.sections.flatMap((section) => section.fields);
  const last = kept.length ? textsOf(kept[kept.length - 1]!) : {};
  const start: Start = { values: {}, carried: new Set(), proposed: new Set() };
  const { book } = data.package;
  for (const field of fields) {
    if (!field.carry || (isSecond(data) && field.critical)) continue;
    const value = (kept.length ? kept[kept.length - 1]![field.code] : (data.carry as Record<string, Value>)[field.code]) ?? "";
    if (value) {
      start.values[field.code] = value;
      start.carried.add(field.code);
    }
  }
  if (isSecond(data)) return start; // what a second person reads is not proposed to him
  const codes = new Set(fields.map((field) => field.code));
  const number = nextNumber(item, last["registration_number"] ?? "", book.year);
  if (number && codes.has("registration_number")) propose(start, "registration_number", number);
  const page = nextPage(kept.map((values) => textsOf(values)["page_no"] ?? ""));
  if (page && codes.has("page_no")) propose(start, "page_no", page);
  return start;
}

/** Whether somebody keys a package a second time, to be compared with the first. */
export function isSecond(data: PackageData): boolean {
  return data.package.kind !== "key" && data.package.kind !== "practice";
}

function propose(start: Start, code: string, text: string): void {
  start.values[code] = text;
  start.carried.delete(code);
  start.proposed.add(code);
}

const NUMBER = /^(\d+)([A-Za-z]?(?:\(\d+\))?)(?:\s*\/\s*(\d{4}))?$/;

/** The number the place expects, written as this book writes numbers; else the one after the last. */
export function nextNumber(item: PackageItem | null, last: string, bookYear: number | null): string {
  const before = NUMBER.exec(last);
  const width = before && before[1]!.startsWith("0") ? before[1]!.length : 0;
  const year = item?.year ?? (before?.[3] ? Number(before[3]) : bookYear);
  const next = item?.number ?? (before ? Number(before[1]) + 1 : null);
  if (next === null) return "";
  const shown = String(next).padStart(width, "0") + (item?.number ? item.suffix : "");
  return year ? `${shown}/${year}` : shown;
}

/** The number when the day of registration turns out to lie in another year; numbers of a year begin again at 1. */
export function numberInYear(number: string, year: number, scope: string, isExpected: boolean): string {
  const parts = NUMBER.exec(number);
  if (!parts || !parts[3] || Number(parts[3]) === year) return number;
  const restart = scope === "year" && !isExpected && year > Number(parts[3]);
  const shown = restart ? "1".padStart(parts[1]!.length > 1 && parts[1]!.startsWith("0") ? parts[1]!.length : 1, "0") : parts[1];
  return `${shown}${restart ? "" : parts[2]}/${year}`;
}

/** Books have a few cases a page: the page goes on when as many stand on it as stood on the page before. */
export function nextPage(pages: readonly string[]): string {
  const known = pages.filter((page) => /^\d+$/.test(page)).map(Number);
  const last = known.at(-1);
  if (last === undefined) return "";
  const here = known.length - known.findIndex((page) => page === last);
  const before = known.filter((page) => page === last - 1).length;
  return String(before && here >= before ? last + 1 : last);
}
