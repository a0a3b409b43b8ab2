// What this book has taught so far: words with how often they came, found by their beginnings with or without tones.
import { fold } from "./text";

interface Word {
  text: string;
  lower: string;
  folded: string;
  count: number;
  last: number;
}

/** Texts counted; the most frequent that begin as typed come first, the latest first among equals. */
export class Counted {
  readonly #words = new Map<string, Word>();
  #clock = 0;

  constructor(known: readonly string[] = []) {
    // the server gives the most frequent first
    known.forEach((text, place) => this.add(text, 1 + (known.length - place) / (known.length + 1)));
  }

  add(text: string, weight = 1): void {
    const word = this.#words.get(text);
    this.#clock += 1;
    if (word) {
      word.count += weight;
      word.last = this.#clock;
      return;
    }
    this.#words.set(text, { text, lower: text.toLowerCase(), folded: fold(text), count: weight, last: this.#clock });
  }

  /** How often a text came. */
  count(text: string): number {
    return this.#words.get(text)?.count ?? 0;
  }

  /** The best that begin as typed; typed tones must agree, tones that were not typed do not matter. */
  best(typed: string, limit: number, boost?: (text: string) => number): string[] {
    const wanted = beginning(typed);
    const found = [...this.#words.values()].filter((word) => wanted(word));
    const rank = (word: Word): number => word.count + (boost ? boost(word.text) : 0);
    found.sort((a, b) => rank(b) - rank(a) || b.last - a.last);
    return found.slice(0, limit).map((word) => word.text);
  }
}

/** Whether a word begins as typed. */
export function beginning(typed: string): (word: { lower: string; folded: string }) => boolean {
  const lower = typed.toLowerCase();
  if (fold(lower) === lower) return (word) => word.folded.startsWith(lower);
  return (word) => word.lower.startsWith(lower);
}

export function begins(text: string, typed: string): boolean {
  return beginning(typed)({ lower: text.toLowerCase(), folded: fold(text) });
}

/** Names taken apart into words: which come first, and which follow which. */
export class Names {
  readonly first: Counted;
  readonly later: Counted;
  readonly whole = new Counted();
  /** Names of one word: the whole of what some people are called. */
  readonly single = new Counted();
  readonly #after = new Map<string, Counted>();

  constructor(surnames: readonly string[], given: readonly string[]) {
    this.first = new Counted(surnames);
    this.later = new Counted(["Thị", "Văn"]);
    for (const name of given) for (const word of name.split(" ")) if (word) this.later.add(word, 0.5);
  }

  learn(name: string): void {
    const words = name.split(" ").filter(Boolean);
    if (words.length === 1) this.single.add(name);
    if (words.length < 2) return;
    this.whole.add(name);
    words.forEach((word, place) => {
      if (!place) this.first.add(word);
      else {
        this.later.add(word);
        this.#follows(words[place - 1]!).add(word);
      }
    });
  }

  /** The word that may go on: `before` the words already there. */
  next(before: readonly string[], typed: string, boost?: (text: string) => number): string[] {
    if (!before.length) return this.first.best(typed, 5, boost);
    const here = this.#follows(before[before.length - 1]!);
    const likely = here.best(typed, 5, boost).filter((word) => typed || here.count(word) >= 2 || (boost?.(word) ?? 0) > 0);
    if (!typed) return likely;
    return [...new Set([...likely, ...this.later.best(typed, 5, boost)])].slice(0, 5);
  }

  #follows(word: string): Counted {
    let found = this.#after.get(word);
    if (!found) this.#after.set(word, (found = new Counted()));
    return found;
  }
}

/** Places from small to large: "thôn Đông, xã Tân Thử, huyện …" also teaches what follows "thôn Đông". */
export class Places {
  readonly #whole = new Counted();
  readonly #tails = new Counted();
  readonly #after = new Map<string, Counted>();

  constructor(known: readonly string[]) {
    for (const [place, text] of known.entries()) this.learn(text, 1 + (known.length - place) / (known.length + 1));
  }

  learn(text: string, weight = 1): void {
    const parts = text.split(/,\s*/).filter(Boolean);
    this.#whole.add(text, weight);
    for (let at = 0; at < parts.length; at += 1) {
      const tail = parts.slice(at).join(", ");
      this.#tails.add(tail, at ? weight / 2 : weight);
      if (at) this.#follows(parts[at - 1]!).add(tail, weight);
    }
  }

  /** How a text may go on: whole texts, the most likely first. */
  best(typed: string, limit: number, boost?: (text: string) => number): string[] {
    const comma = typed.lastIndexOf(",");
    if (comma < 0) {
      const whole = this.#whole.best(typed, limit, boost);
      return typed ? [...new Set([...whole, ...this.#tails.best(typed, limit, boost)])].slice(0, limit) : whole;
    }
    const base = typed.slice(0, comma);
    const partial = typed.slice(comma + 1).trimStart();
    const before = base.slice(base.lastIndexOf(",") + 1).trim();
    const likely = this.#follows(before).best(partial, limit);
    const others = partial ? this.#tails.best(partial, limit).filter((tail) => tail.includes(",")) : [];
    return [...new Set([...likely, ...others])].slice(0, limit).map((tail) => `${base}, ${tail}`);
  }

  #follows(part: string): Counted {
    const key = fold(part);
    let found = this.#after.get(key);
    if (!found) this.#after.set(key, (found = new Counted()));
    return found;
  }
}
