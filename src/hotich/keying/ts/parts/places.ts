// The places of a package in their order, what is known of each, and what this browser has kept but not sent yet.
import type { Confirmation, Kept, KeyedItem, PackageData, PackageItem, PopulationChoice, Problem, Value } from "./shapes";

/** One place to be keyed: a given one, or a case that the keyer found between two others. */
export interface Place {
  item: PackageItem;
  /** Found by the keyer: after which place. */
  after: string | null;
  clientId: string;
  revision: number;
  state: KeyedItem["state"] | "open";
  reason: string;
  values: Record<string, Value>;
  notes: unknown[];
  confirmed: Confirmation[];
  problems: Problem[];
  returned: string;
  population: Record<string, PopulationChoice>;
  strokes: number;
  activeMs: number;
}

export class Places {
  readonly list: Place[];

  constructor(data: PackageData, kept: readonly Kept[]) {
    this.list = [...data.items].sort((a, b) => a.position - b.position).map(placeOf);
    for (const one of kept) if (one.item.package === data.package.id && one.item.kind === data.package.kind) this.take(one);
  }

  at(id: string): number {
    return this.list.findIndex((place) => place.item.id === id);
  }

  get done(): number {
    return this.list.filter((place) => place.state !== "open").length;
  }

  /** The next that is still to be keyed (or mended), from here on and then from the beginning. */
  nextOpen(from: number): number {
    const isToKey = (place: Place): boolean => place.state === "open" || place.returned !== "";
    const waits = (place: Place): boolean => isToKey(place) || place.problems.some((each) => each.severity === "error");
    for (let at = from; at < this.list.length; at += 1) if (waits(this.list[at]!)) return at;
    return this.list.findIndex(isToKey);
  }

  /** The cases kept so far, in order, up to a place: what carries over and what the next number comes after. */
  before(at: number): Record<string, Value>[] {
    return this.list.slice(0, at).filter((place) => place.state === "case").map((place) => place.values);
  }

  numbers(without: Place): Set<string> {
    const found = new Set<string>();
    for (const place of this.list) {
      const number = place.values["registration_number"];
      if (place !== without && place.state === "case" && typeof number === "string") found.add(number);
    }
    return found;
  }

  /** A case between two others: behind the place and behind what was found there before, as the server puts it. */
  insert(at: number): Place {
    const before = this.list[at]!;
    const item = { ...before.item, id: crypto.randomUUID(), number: null, suffix: "", state: "open", entry: null };
    const made = { ...placeOf(item), after: before.after ?? before.item.id };
    let to = at + 1;
    while (to < this.list.length && blockOf(this.list[to]!) === blockOf(before)) to += 1;
    this.list.splice(to, 0, made);
    return made;
  }

  remove(place: Place): void {
    this.list.splice(this.list.indexOf(place), 1);
  }

  /** What the outbox holds is newer than what the server knew when the package was loaded. */
  take(one: Kept): Place | undefined {
    const { item } = one;
    let place = this.list.find((each) => each.clientId === item.client_id || (item.item !== null && each.item.id === item.item));
    if (!place && item.after !== null) {
      const at = this.list.findIndex((each) => each.item.id === item.after);
      if (at >= 0) place = this.insert(at);
    }
    if (!place) return undefined;
    keepIn(place, item);
    place.problems = one.problems;
    return place;
  }
}

/** The server gives every place room for those found behind it (keying/services/cutting.py: SPACING). */
const blockOf = (place: Place): number => Math.floor(place.item.position / 1000);

/** Notes in a place what was kept of it. */
export function keepIn(place: Place, item: KeyedItem): void {
  place.clientId = item.client_id;
  place.revision = item.revision;
  place.state = item.state;
  place.reason = item.reason;
  place.values = item.values;
  place.notes = item.annotations;
  place.confirmed = item.confirmed;
  place.population = item.population ?? {};
  place.strokes = item.strokes;
  place.activeMs = item.active_ms;
  place.problems = [];
  place.returned = "";
}

function placeOf(item: PackageItem): Place {
  const { entry } = item;
  const kind = (entry as { kind?: string } | null)?.kind ?? "case";
  const keyed = item.state === "keyed" || entry ? kind : item.state;
  return {
    item,
    after: null,
    clientId: entry?.client_id ?? crypto.randomUUID(),
    revision: entry?.revision ?? 0,
    state: keyed as Place["state"],
    reason: (item as { reason?: string }).reason ?? "",
    values: entry?.values ?? {},
    notes: entry?.annotations ?? [],
    confirmed: entry?.confirmed ?? [],
    problems: entry?.problems ?? [],
    returned: entry?.returned_reason ?? "",
    population: entry?.population ?? {},
    strokes: 0,
    activeMs: 0,
  };
}
