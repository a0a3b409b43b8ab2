// What may be meant by what is typed: places, names, codes and offices out of lists and of what the book has taught.
// It only ever proposes; the keyer accepts by a key, after a look at the picture.
import { bareKey, fold, tidy } from "./text";
import { wordsOf, type ListEntry, type Lists } from "./checks";
import { inWords, NORTH, styleOf, type WordsStyle } from "./dates";
import { begins, Counted, Names, Places } from "./memory";
import type { FormField, PackageData, Value } from "./shapes";

export interface Field extends FormField {
  strict?: boolean;
  words_of?: string;
}
export interface Person {
  role: string;
  sex: string;
  fields: Record<string, string>; // what it says of the person → the field
}
export interface Suggestion {
  /** The text of the field once it is accepted. */
  text: string;
  /** What the list shows. */
  label: string;
  /** Nothing more is to be typed after it. */
  whole: boolean;
}

type Texts = Record<string, string>;
const MOST = 7;

export function textsOf(values: Record<string, Value>): Texts {
  return Object.fromEntries(Object.entries(values).map(([code, raw]) => [code, typeof raw === "string" ? raw : raw.text]));
}

export class Completion {
  readonly #fields: Map<string, Field>;
  readonly #lists: Lists;
  readonly #people: Person[];
  readonly #personOf = new Map<string, { person: Person; part: string }>();
  readonly #places: Places;
  readonly #offices: Counted;
  readonly #names: Names;
  readonly #ofField = new Map<string, Counted>();
  readonly #lastOf = new Map<string, string>();
  readonly #written = new Map<string, string>(); // field and entry of its list → the form last kept
  readonly #known = new Map<string, Texts>(); // name of a person → what was last said of him, by part
  readonly #relation = new Map<string, string>([["father", "Cha"], ["mother", "Mẹ"]]);
  #style: WordsStyle = NORTH;
  #cases = 0;

  constructor(data: PackageData) {
    const form = data.form as unknown as { sections: { fields: Field[] }[]; lists: Lists; people?: Person[] };
    const fields = form.sections.flatMap((section) => section.fields);
    this.#fields = new Map(fields.map((field) => [field.code, field]));
    this.#lists = form.lists;
    this.#people = form.people ?? [];
    for (const person of this.#people) {
      for (const [part, code] of Object.entries(person.fields)) this.#personOf.set(code, { person, part });
    }
    const learned = (name: string): string[] => {
      const known = data.learned[name];
      return Array.isArray(known) ? known.filter((each): each is string => typeof each === "string") : [];
    };
    this.#places = new Places(learned("place"));
    this.#offices = new Counted(learned("office"));
    this.#names = new Names(learned("surname"), learned("given"));
  }

  /** Takes in a case that was kept. */
  learn(values: Record<string, Value>): void {
    const texts = textsOf(values);
    this.#cases += 1;
    for (const [code, text] of Object.entries(texts)) {
      const field = this.#fields.get(code);
      if (!field || !text) continue;
      this.#of(code).add(text);
      this.#lastOf.set(code, text);
      if (field.list) this.#written.set(`${code} ${bareKey(text)}`, text);
      if (field.kind === "place") this.#places.learn(text);
      else if (field.kind === "office") this.#offices.add(text);
      else if (field.kind === "name") this.#names.learn(text);
      else if (field.kind === "date_words") this.#style = styleOf(text, this.#style);
    }
    for (const person of this.#people) {
      const name = texts[person.fields["full_name"] ?? ""];
      if (!name) continue;
      const said = Object.entries(person.fields).map(([part, code]) => [part, texts[code] ?? ""]);
      this.#known.set(name, { ...this.#known.get(name), ...Object.fromEntries(said.filter(([, text]) => text)) });
      this.#learnRelation(person, name, texts);
    }
  }

  #learnRelation(person: Person, name: string, texts: Texts): void {
    if (person.role === "informant" || texts["informant_full_name"] !== name) return;
    const relation = texts["informant_relationship"];
    if (relation) this.#relation.set(person.role, relation);
  }

  /** Whether this book has something in the field, as far as its cases have shown; before two of them, who knows. */
  isUsed(field: Field): boolean {
    return (this.#cases < 2 && field.need !== "C") || this.#lastOf.has(field.code);
  }

  /** What the words of a code are: "1" → "Nam"; "" for what is not on its list. */
  said(field: Field, text: string): string {
    if (!field.list || !text) return "";
    const key = bareKey(text);
    const entry = (this.#lists[field.list] ?? []).find(([value]) => bareKey(value) === key);
    return entry ? shortLabel(entry) : "";
  }

  /** Whether a text is on the list of its field. */
  isOnList(field: Field, text: string): boolean {
    return text !== "" && wordsOf(this.#lists[field.list] ?? []).has(bareKey(text));
  }

  /** The one entry of the field's list that is typed without marks; none where what is typed has some, is an entry, or is how
   *  this book last wrote it ("kinh", kept as it was typed). */
  spelled(field: Field, typed: string): Suggestion | undefined {
    const key = bareKey(typed);
    if (!this.isOnList(field, typed) || fold(typed) !== typed.toLowerCase()) return undefined;
    if (this.#written.get(`${field.code} ${key}`) === tidy(typed)) return undefined;
    const alike = this.#lists[field.list]!.filter(([value]) => bareKey(value) === key);
    const [entry] = alike;
    return entry && alike.length === 1 && entry[0] !== tidy(typed) ? { text: entry[0], label: entry[1], whole: true } : undefined;
  }

  suggest(field: Field, typed: string, values: Record<string, Value>): Suggestion[] {
    const texts = textsOf(values);
    const found = typed ? this.#going(field, typed, texts) : this.#offered(field, texts);
    const seen = new Set<string>();
    return found.filter(({ text }) => text !== typed && !seen.has(text) && seen.add(text)).slice(0, MOST);
  }

  /** Proposals for a field in which nothing is typed yet. */
  #offered(field: Field, texts: Texts): Suggestion[] {
    const sure = [this.#ofSamePerson(field, texts), texts[field.repeat_of] ?? "", this.#words(field, texts)];
    const offers = sure.filter(Boolean).map((text) => this.#whole(field, text));
    if (field.kind === "name" && field.need !== "K") offers.push(...this.#namesHere(field, texts), ...this.#nextWords(field, "", texts));
    else if (field.kind === "place") {
      offers.push(...this.#placesHere(field, texts), ...this.#places.best("", 3).map((text) => this.#whole(field, text)));
    } else if (field.list || field.kind === "office") {
      const last = this.#lastOf.get(field.code);
      if (last) offers.push(this.#whole(field, last));
      if (field.kind === "office") offers.push(...this.#offices.best("", 3).map((text) => this.#whole(field, text)));
      else offers.push(...this.#of(field.code).best("", MOST).map((text) => this.#whole(field, text)));
      if (field.strict) offers.push(...this.#fromList(field, ""));
    }
    return offers;
  }

  /** How what is typed may go on. */
  #going(field: Field, typed: string, texts: Texts): Suggestion[] {
    const offered = [this.#ofSamePerson(field, texts), texts[field.repeat_of] ?? "", this.#words(field, texts)];
    const sure = offered.filter((text) => text && begins(text, typed)).map((text) => this.#whole(field, text));
    if (field.strict) return [...sure, ...this.#fromList(field, typed)];
    if (field.list) {
      const own = this.#of(field.code).best(typed, MOST).map((text) => this.#whole(field, text));
      return [...sure, ...own, ...this.#fromList(field, typed)];
    }
    if (field.kind === "place") {
      const here = new Set(this.#placesHere(field, texts).map(({ text }) => text));
      const best = this.#places.best(typed, MOST, (text) => (here.has(text) ? 1000 : 0));
      return [...sure, ...best.map((text) => this.#whole(field, text))];
    }
    if (field.kind === "office") return this.#offices.best(typed, MOST).map((text) => this.#whole(field, text));
    if (field.kind === "name") return [...sure, ...this.#nameGoing(field, typed, texts)];
    if (field.kind === "text" || field.kind === "long_text") {
      return [...sure, ...this.#of(field.code).best(typed, 4).map((text) => this.#whole(field, text))];
    }
    return sure;
  }

  #nameGoing(field: Field, typed: string, texts: Texts): Suggestion[] {
    const here = this.#namesHere(field, texts).filter(({ text }) => begins(text, typed));
    const words = this.#nextWords(field, typed, texts);
    const several = typed.includes(" ");
    const whole = several ? this.#names.whole.best(typed, 3).map((text) => this.#whole(field, text)) : [];
    const single = several ? [] : this.#names.single.best(typed, 2).map((text) => this.#whole(field, text));
    // a known name is worth more than a likely word once two letters of its second word stand there
    return [...here, ...(several && whole.length === 1 ? whole : []), ...words.slice(0, 2), ...single, ...words.slice(2), ...whole];
  }

  #nextWords(field: Field, typed: string, texts: Texts): Suggestion[] {
    const at = typed.lastIndexOf(" ") + 1;
    const before = typed.slice(0, at);
    const boost = this.#boost(field, texts);
    const found = this.#names.next(before.split(" ").filter(Boolean), typed.slice(at), boost);
    return found.map((word) => ({ text: `${before}${word} `, label: `${before}${word}`, whole: false }));
  }

  /** A child most often has its father's surname (or its mother's, where this book shows that); women have Thị. */
  #boost(field: Field, texts: Texts): (word: string) => number {
    const owner = this.#personOf.get(field.code);
    const sex = owner?.person.sex.startsWith("=") ? owner.person.sex.slice(1) : texts[owner?.person.sex ?? ""];
    const parents = ["father", "mother"].map((role) => texts[`${role}_full_name`]?.split(" ")[0]);
    return (word) => {
      if (owner?.person.role === "child" && parents.includes(word)) return 1000;
      return (word === "Thị" && sex === "2") || (word === "Văn" && sex === "1") ? 3 : 0;
    };
  }

  #namesHere(field: Field, texts: Texts): Suggestion[] {
    if (!this.#isSomebodyBeside(field)) return [];
    const names = this.#people.map((person) => person.fields["full_name"] ?? "").filter((code) => code !== field.code);
    const order = ["father_full_name", ...names];
    return [...new Set(order)].filter((code) => texts[code]).map((code) => this.#whole(field, texts[code]!));
  }

  /** Informants are mostly somebody the entry names already. */
  #isSomebodyBeside(field: Field): boolean {
    return this.#personOf.get(field.code)?.person.role === "informant";
  }

  #placesHere(field: Field, texts: Texts): Suggestion[] {
    const others = [...this.#fields.values()].filter((each) => each.kind === "place" && each.code !== field.code && texts[each.code]);
    const ranked = others.map((each) => texts[each.code]!).reverse();
    const alike = (code: string): string => code.replace(/^[a-z]+?_/, "");
    const same = others.filter((each) => alike(each.code) === alike(field.code)).map((each) => texts[each.code]!);
    return [...new Set([...same, ...ranked])].map((text) => this.#whole(field, text));
  }

  /** What is said of the same person elsewhere in this case, or was said in an earlier one. */
  #ofSamePerson(field: Field, texts: Texts): string {
    const owner = this.#personOf.get(field.code);
    const name = texts[owner?.person.fields["full_name"] ?? ""];
    if (!owner || !name || owner.part === "full_name") return "";
    for (const other of this.#people) {
      if (other === owner.person || texts[other.fields["full_name"] ?? ""] !== name) continue;
      if (owner.part === "relationship") return this.#relation.get(other.role) ?? "";
      const text = texts[other.fields[owner.part] ?? ""];
      if (text) return text;
    }
    return this.#known.get(name)?.[owner.part] ?? "";
  }

  #words(field: Field, texts: Texts): string {
    return field.words_of ? inWords(texts[field.words_of] ?? "", this.#style) : "";
  }

  #fromList(field: Field, typed: string): Suggestion[] {
    const entries = this.#lists[field.list] ?? [];
    const wanted = fold(typed);
    const used = this.#of(field.code);
    const ranked: { entry: ListEntry; rank: number }[] = [];
    for (const entry of entries) {
      const rank = rankOf(entry, wanted);
      if (rank < 9) ranked.push({ entry, rank: rank - Math.min(0.9, used.count(entry[0]) / 100) });
    }
    ranked.sort((a, b) => a.rank - b.rank);
    return ranked.slice(0, MOST).map(({ entry }) => ({ text: entry[0], label: entry[1], whole: true }));
  }

  #whole(field: Field, text: string): Suggestion {
    const entry = field.strict ? (this.#lists[field.list] ?? []).find(([value]) => value === text) : undefined;
    return { text, label: entry ? entry[1] : text, whole: true };
  }

  #of(code: string): Counted {
    let found = this.#ofField.get(code);
    if (!found) this.#ofField.set(code, (found = new Counted()));
    return found;
  }
}

/** 0 the code itself, 1 its name begins so, 2 a word of the name does, 3 another word for it; 9 not at all. */
function rankOf([value, label, words]: ListEntry, wanted: string): number {
  if (!wanted) return 1;
  if (fold(value) === wanted) return 0;
  const name = fold(shortLabel([value, label]));
  if (name.startsWith(wanted)) return name === wanted ? 0 : 1;
  if (name.includes(` ${wanted}`)) return 2;
  if (/^\d+$/.test(value) && value.startsWith(wanted)) return 1.5;
  return (words ?? []).some((word) => fold(word).startsWith(wanted)) ? 3 : 9;
}

function shortLabel([value, label]: ListEntry): string {
  return label.startsWith(`${value} – `) ? label.slice(value.length + 3) : label;
}
