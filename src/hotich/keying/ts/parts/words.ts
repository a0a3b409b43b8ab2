// The words of the page, given by the server in the language of the officer.

let texts: Record<string, string> = {};

/** Reads <script type="application/json" id="keying-texts">. */
export function readTexts(): void {
  texts = JSON.parse(document.getElementById("keying-texts")?.textContent ?? "{}") as Record<string, string>;
}

/** The words of a code, with {name} filled in. A code without words is shown as it is. */
export function say(code: string, params: Record<string, string | number> = {}): string {
  return (texts[code] ?? code).replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? "–"));
}

export function knows(code: string): boolean {
  return code in texts;
}
