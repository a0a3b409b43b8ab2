// Talking to the server: JSON by POST with the token of the page, and the words of the page in its language.

export interface Answer {
  ok: boolean;
  status: number;
  /** what the server says is wrong, in the language of the page */
  text: string;
  data: Record<string, unknown>;
}

/** Data that the page carries for its script: `<script type="application/json" id="…">`. */
export function pageData<T>(id: string): T | null {
  const holder = document.getElementById(id);
  return holder?.textContent ? (JSON.parse(holder.textContent) as T) : null;
}

export type Words = Record<string, string>;

/** A sentence with its figures put in: "{n} trang". */
export function say(words: Words, key: string, figures: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(figures[name] ?? whole));
}

export function token(): string {
  return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** An answer that is no JSON is the sign-in page, or a fault: it counts as not done. */
export function read(status: number, body: string): Answer {
  try {
    const data = JSON.parse(body) as Record<string, unknown>;
    return { ok: status >= 200 && status < 300, status, text: String(data["text"] ?? ""), data };
  } catch {
    return { ok: false, status, text: "", data: {} };
  }
}

/** Status 0: no line to the server. */
export async function post(url: string, body: unknown): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
      body: JSON.stringify(body),
    });
    return read(answer.status, await answer.text());
  } catch {
    return { ok: false, status: 0, text: "", data: {} };
  }
}

/** Whether one-letter keys act now: they are switched on, nobody types, no dialog is open (as on every page). */
export function keysAct(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229 || localStorage.getItem("hotich.keys") === "off") return false;
  return document.querySelector("dialog[open]") === null;
}
