// What goes over the line and into the browser's store. The server's side: keying/rules/sync.py, queries/package_data.py.
import type { Move } from "./region-moves";

export type Value = string | { text: string; reason: string };
export interface Confirmation {
  code: string;
  field: string;
  reason: string;
}

/** What the keyer found out about one person in the population database (keying/rules/population.py). */
export interface PopulationChoice {
  outcome: "equal" | "different" | "absent" | "clerk" | "pending";
  ref: string;
  look_up: string | null;
  absence: string;
  absence_words: string;
}

/** One case as keyed, as it goes to the server. `client_id` names it for ever; `revision` counts the keyer's saves. */
export interface KeyedItem {
  client_id: string;
  package: string;
  item: string | null;
  after: string | null;
  revision: number;
  kind: "key" | "critical" | "double" | "sample";
  schema_version: string;
  state: "case" | "void" | "missing" | "blank";
  reason: string;
  values: Record<string, Value>;
  annotations: unknown[];
  confirmed: Confirmation[];
  saved_at: number;
  strokes: number;
  active_ms: number;
  number: number | null;
  number_suffix: string;
  /** By role; absent in what an older page kept. */
  population?: Record<string, PopulationChoice>;
}

export interface Problem {
  code: string;
  field: string;
  severity: string;
  text: string;
}

/** What the server says to one item. */
export interface Answer {
  client_id: string;
  revision: number;
  result: "accepted" | "duplicate" | "returned" | "refused";
  case_state: string;
  problems: Problem[];
  code: string;
  text: string;
}

export type Status = "pending" | "returned" | "refused";

/** An item in the outbox with what the server said to it. `label` is for the keyer's eyes: number and name. */
export interface Kept {
  item: KeyedItem;
  label: string;
  status: Status;
  problems: Problem[];
  code: string;
  text: string;
}

export interface Counts {
  pending: number;
  returned: number;
  refused: number;
}

export interface FormField {
  code: string;
  label: string;
  hint: string;
  kind: string;
  need: string;
  list: string;
  learn: string;
  carry: boolean;
  repeat_of: string;
  max: number;
  critical: boolean;
  restricted: boolean;
}

export interface FormPart {
  sections: { code: string; label: string; fields: FormField[] }[];
  lists: Record<string, [string, string][]>;
  checks: Record<string, unknown>[];
  annotation_kinds: Record<string, unknown>[];
}

export interface PackageHead {
  id: string;
  title: string;
  register: string;
  register_label: string;
  schema_version: string;
  book: { label: string; number: string; year: number | null; number_scope: string; assigned: boolean };
  mode: string;
  kind: "key" | "critical" | "double" | "sample" | "practice";
  layout: "form" | "table";
  office: string;
  is_on_demand: boolean;
}

export interface KnownEntry {
  client_id: string;
  revision: number;
  values: Record<string, Value>;
  annotations: unknown[];
  confirmed: Confirmation[];
  problems: Problem[];
  case_state: string;
  returned_reason: string;
  population?: Record<string, PopulationChoice>;
}

export interface PackageItem {
  id: string;
  position: number;
  kind: "case" | "page";
  number: number | null;
  suffix: string;
  year: number | null;
  state: string;
  picture: { url: string; bytes: number; width: number; height: number; move?: Move | null; mapped?: boolean } | null; // `mapped` false: the map is of pages printed otherwise
  entry: KnownEntry | null;
}

/** A package as /nhap-lieu/goi/<id>/du-lieu.json gives it. */
export interface PackageData {
  schema: 1;
  package: PackageHead;
  form: FormPart;
  regions: Record<string, [number, number, number, number]>;
  items: PackageItem[];
  learned: Record<string, string[] | unknown>;
  carry: Record<string, string>;
  today?: number; // places this officer has keyed today, on all PCs, when the package was loaded
}

/** A half-typed case; the screen decides what is in it. Whatever JSON can hold. */
export type Draft = Record<string, unknown>;
