// Words of the scripts: the page carries them in its own language, {name} stands for what is filled in.
export type Texts = Record<string, string>;

export function textsOf(id: string): Texts {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as Texts;
}

export function say(texts: Texts, code: string, params: Record<string, string | number> = {}): string {
  return (texts[code] ?? code).replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
