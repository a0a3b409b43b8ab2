// Asking the population database over our own server. What it says of citizens stays in the memory of the page.
import { contact } from "./sender";
import type { Candidate, Question, Reply } from "./population";

const BEAT_LIMIT = 5_000;
const LIMIT = 15_000; // the server itself waits less for its partner

/** Answers `ask` of a page; `urls` from the page, `user` the officer whose work it is. It never rejects. */
export function asker(urls: { beat: string; lookUp: string }, user: string): (question: Question) => Promise<Reply> {
  return async (question) => {
    try {
      const beat = await (await contact(urls.beat, { headers: { "X-Hotich-Background": "1" } }, BEAT_LIMIT)).json();
      if (beat.user !== user) return nothing("offline");
      const headers = { "Content-Type": "application/json", "X-CSRFToken": String(beat.csrf), "X-Hotich-User": user };
      const body = JSON.stringify(question);
      const signal = AbortSignal.timeout(LIMIT);
      const reply = await fetch(urls.lookUp, { method: "POST", headers, body, credentials: "same-origin", redirect: "manual", cache: "no-store", signal });
      if (reply.type === "opaqueredirect" || reply.status === 401 || reply.status >= 500) return nothing("offline");
      const told = (await reply.json()) as Partial<Told>;
      if (!reply.ok) return nothing("refused", told.text);
      const candidates = Array.isArray(told.candidates) ? told.candidates : [];
      const state = told.state === "queued" || told.state === "unreachable" ? told.state : "answered";
      return { state, lookUp: told.look_up ?? null, candidates, text: told.text ?? "" };
    } catch {
      return nothing("offline");
    }
  };
}

interface Told {
  state: string;
  look_up: string | null;
  candidates: Candidate[];
  text: string;
}

const nothing = (state: Reply["state"], text = ""): Reply => ({ state, lookUp: null, candidates: [], text });
