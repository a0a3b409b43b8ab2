// Dates as they are typed: figures without separators get them, and a date in figures is read as the days it may mean.
// The server's side of reading: keying/rules/client_findings.py. What figures do not say is left to the server.
import { tidy } from "./text";

export interface Span {
  earliest: number; // yyyymmdd
  latest: number;
  isDay: boolean;
}
export interface ReadDate {
  span: Span | null;
  fault: string;
}

const FIRST_YEAR = 1800;
const LAST_YEAR = 2100;
const NOTHING: ReadDate = { span: null, fault: "" };

export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 05.03.1978, 00/03/1978, 05031978, 03.1978, 1978 – the days it may mean, or the code of what is wrong with it. */
export function readFigures(text: string): ReadDate {
  let parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (parts) return fromParts(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  parts = /^(\d{1,2})[./-](\d{4})$/.exec(text);
  if (parts) return fromParts(0, Number(parts[1]), Number(parts[2]));
  if (/^\d{4}$/.test(text)) return fromParts(0, 0, Number(text));
  return /^(\d{7}|\d{9,})$/.test(text) ? { span: null, fault: "date_unreadable" } : NOTHING; // one figure too few or too many
}

function fromParts(day: number, month: number, year: number): ReadDate {
  if (year < FIRST_YEAR || year > LAST_YEAR) return { span: null, fault: "date_year_out_of_range" };
  if (month > 12 || (month && day > daysIn(year, month))) return { span: null, fault: "date_impossible" };
  const known = month ? day : 0;
  const lastMonth = month || 12;
  const lastDay = known || daysIn(year, lastMonth);
  return {
    span: {
      earliest: year * 10_000 + (month || 1) * 100 + (known || 1),
      latest: year * 10_000 + lastMonth * 100 + lastDay,
      isDay: known > 0,
    },
    fault: "",
  };
}

/** Figures as typed → with separators: 05031978 → 05.03.1978, 031978 → 03.1978. Anything else stays as it is. */
export function withSeparators(text: string): string {
  const figures = tidy(text);
  const day = /^(\d{2})(\d{2})(\d{4})$/.exec(figures);
  if (day && Number(day[1]) <= 31 && Number(day[2]) <= 12 && isYear(day[3]!)) return `${day[1]}.${day[2]}.${day[3]}`;
  const month = /^(\d{2})(\d{4})$/.exec(figures);
  if (month && Number(month[1]) >= 1 && Number(month[1]) <= 12 && isYear(month[2]!)) return `${month[1]}.${month[2]}`;
  return text;
}

function isYear(text: string): boolean {
  return Number(text) >= FIRST_YEAR && Number(text) <= LAST_YEAR;
}

const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/** How a book writes numbers in words; learnt from what was typed. */
export interface WordsStyle {
  thousand: "nghìn" | "ngàn";
  odd: "linh" | "lẻ";
  fourth: "tư" | "bốn"; // of the month
}
export const NORTH: WordsStyle = { thousand: "nghìn", odd: "linh", fourth: "tư" };
export const SOUTH: WordsStyle = { thousand: "ngàn", odd: "lẻ", fourth: "tư" };

/** The date in words as forms ask for, to be compared with the book: "" unless the date is known to the day. */
export function inWords(text: string, style: WordsStyle): string {
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
  if (!parts || !readFigures(text).span?.isDay) return "";
  const month = Number(parts[2]);
  const monthWords = month === 4 ? style.fourth : tens(month);
  return `Ngày ${tens(Number(parts[1]))} tháng ${monthWords} năm ${year(Number(parts[3]), style)}`;
}

/** The style in which words are written, as far as they tell. */
export function styleOf(words: string, before: WordsStyle): WordsStyle {
  const found = { ...before };
  if (/\bngàn\b/iu.test(words) || words.includes("ngàn")) found.thousand = "ngàn";
  else if (words.includes("nghìn")) found.thousand = "nghìn";
  if (words.includes(" lẻ ")) found.odd = "lẻ";
  else if (words.includes(" linh ")) found.odd = "linh";
  if (words.includes("tháng bốn")) found.fourth = "bốn";
  else if (words.includes("tháng tư")) found.fourth = "tư";
  return found;
}

function tens(value: number): string {
  const ten = Math.floor(value / 10);
  const unit = value % 10;
  if (!ten) return DIGITS[unit]!;
  const last = unit === 0 ? "" : unit === 1 ? (ten > 1 ? " mốt" : " một") : unit === 5 ? " lăm" : ` ${DIGITS[unit]}`;
  return (ten === 1 ? "mười" : `${DIGITS[ten]} mươi`) + last;
}

function year(value: number, style: WordsStyle): string {
  const rest = value % 1000;
  let words = `${DIGITS[Math.floor(value / 1000)]} ${style.thousand}`;
  if (!rest) return words;
  words += ` ${DIGITS[Math.floor(rest / 100)]} trăm`;
  const low = rest % 100;
  if (!low) return words;
  return low < 10 ? `${words} ${style.odd} ${DIGITS[low]}` : `${words} ${tens(low)}`;
}
