// Sends what waits in the store, one tab at a time, and knows how it stands with the line. Nothing is ever taken out of
// the store but by the server's own answer to that item.
//
//   const sender = start(store, { beat: "/nhap-lieu/nhip/", sync: "/nhap-lieu/dong-bo/" }, pageVersion);
//   sender.onChange(() => paint(sender.state));
import type { Answer, KeyedItem } from "./shapes";
import type { Store } from "./store";
import { heard } from "./today";

export type Line = "online" | "offline" | "signed_out" | "other_user";

export interface Urls {
  beat: string;
  sync: string;
}

export interface Sender {
  /** "offline" too when the line is there but the server is not: navigator.onLine is never believed. */
  readonly state: Line;
  /** When the server last answered, by this PC's clock; 0 before the first time. */
  readonly answeredAt: number;
  /** How far this PC's clock is ahead of the server's, in milliseconds; undefined before the first contact. */
  readonly clockError: number | undefined;
  /** The server runs another version than this page. */
  readonly isOutdated: boolean;
  /** Look now, and send what waits. */
  send(): Promise<void>;
  onChange(fn: () => void): () => void;
  stop(): void;
}

const BATCH = 50;
const POLL = 5_000;
const LONGEST_PAUSE = 30_000;
const BEAT_LIMIT = 8_000;
const SYNC_LIMIT = 25_000; // a request that never ends must not hold the lock for ever
const SIGNED_OUT = new Set([401, 403, 419]);
const LATER = new Set([408, 425, 429]); // too much for the server, or for what stands before it: no item is at fault

interface Beat {
  csrf: string;
  now: number;
  user: string;
  version: string;
}

/** Why a contact came to nothing. */
class Stopped extends Error {
  constructor(
    readonly line: Line,
    readonly status: number,
  ) {
    super(`${line} ${status}`);
  }
}

export function start(store: Store, urls: Urls, version: string): Sender {
  return new BrowserSender(store, urls, version);
}

class BrowserSender implements Sender {
  state: Line = "offline";
  answeredAt = 0;
  clockError: number | undefined;
  isOutdated = false;
  #failures = 0;
  #batch = BATCH;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: () => void;

  constructor(
    private readonly store: Store,
    private readonly urls: Urls,
    private readonly version: string,
  ) {
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#unlisten = store.onChange(() => void this.#sendKept());
    void this.send();
  }

  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#unlisten();
  }

  /** One look at a time in this tab; asked for meanwhile, another follows at once. */
  send(): Promise<void> {
    if (this.store.isClosed) this.stop();
    if (this.#stopped) return Promise.resolve();
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    clearTimeout(this.#timer);
    this.#running = this.#look().finally(() => {
      this.#running = undefined;
      const at_once = this.#again && this.#failures === 0;
      this.#again = false;
      if (!this.#stopped) this.#timer = setTimeout(() => void this.send(), at_once ? 0 : this.#pause());
    });
    return this.#running;
  }

  readonly #wake = (): void => {
    if (document.visibilityState === "visible") void this.send();
  };

  /** Something was kept: send it, unless the line is known to be down – then the next look does. */
  async #sendKept(): Promise<void> {
    if (this.#failures === 0 && (await this.store.counts()).pending) void this.send();
  }

  #pause(): number {
    // a little by chance, so that a thousand PCs do not come back in the same second
    return Math.min(LONGEST_PAUSE, POLL * 2 ** Math.min(Math.max(0, this.#failures - 1), 4)) * (0.85 + Math.random() * 0.15);
  }

  async #look(): Promise<void> {
    try {
      const beat = await this.#beat();
      await navigator.locks.request(`${this.store.user}-hotich-keying-sender`, { ifAvailable: true }, async (lock) => {
        if (lock) await this.#drain(beat);
      });
      this.#failures = 0;
      this.#stand("online");
    } catch (error) {
      if (this.store.isClosed) return;
      if (!(error instanceof Stopped)) throw error;
      this.#failures += 1;
      this.#stand(error.line);
    }
  }

  /** A fresh token, the server's clock, who is signed in and what version runs, in one small answer. */
  async #beat(): Promise<Beat> {
    const [sent, started] = [Date.now(), performance.now()];
    const reply = await contact(this.urls.beat, { headers: { "X-Hotich-Background": "1" } }, BEAT_LIMIT);
    const took = performance.now() - started;
    const beat = await read<Beat>(reply);
    this.clockError = Math.round(sent + took / 2 - beat.now);
    this.answeredAt = Date.now();
    this.isOutdated = beat.version !== this.version;
    if (beat.user !== this.store.user) throw new Stopped("other_user", reply.status);
    return beat;
  }

  /** Batch after batch, in the order keyed. An item that gets no answer is passed over, not dropped. */
  async #drain(first: Beat): Promise<void> {
    const unanswered = new Set<string>();
    let beat: Beat | undefined = first;
    for (;;) {
      const items = await this.store.waiting(this.#batch, unanswered);
      if (!items.length) break;
      const answers = await this.#post(items, beat ?? (await this.#beat()));
      beat = undefined;
      await this.store.settle(answers);
      const answered = new Set(answers.map((answer) => answer.client_id));
      for (const { client_id } of items) if (!answered.has(client_id)) unanswered.add(client_id);
    }
    if (unanswered.size) throw new Stopped("offline", 200);
  }

  /** The answers to these items. A batch the server cannot take is tried again in halves, down to the one at fault. */
  async #post(items: KeyedItem[], beat: Beat): Promise<Answer[]> {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": beat.csrf, "X-Hotich-User": this.store.user };
    const body = JSON.stringify({ clock: Date.now(), items });
    try {
      const reply = await contact(this.urls.sync, { method: "POST", headers, body }, SYNC_LIMIT);
      const { results: answers, today } = await read<{ results: Answer[]; today?: number }>(reply);
      heard(this.store.user, today);
      this.#batch = Math.min(BATCH, this.#batch * 2);
      const sent = new Set(items.map((item) => item.client_id));
      return answers.filter((answer) => sent.has(answer.client_id));
    } catch (error) {
      if (!(error instanceof Stopped) || error.line !== "offline") throw error;
      if (error.status === 0 || LATER.has(error.status)) throw error;
      return this.#isolate(items, error);
    }
  }

  /** The server answered, but with a fault. Was it one item, the others must not wait behind it for ever. */
  async #isolate(items: KeyedItem[], error: Stopped): Promise<Answer[]> {
    if (items.length > 1) {
      this.#batch = Math.max(1, Math.floor(items.length / 2));
      throw error;
    }
    const [item] = items;
    if (error.status < 500) return [refusal(item!, error.status)];
    if (this.#failures < 3) throw error; // the server itself may be in trouble: wait, and try the same again
    return []; // passed over this time
  }

  #stand(line: Line): void {
    this.state = line;
    for (const fn of this.#listeners) fn();
  }
}

/** A request the server understood and does not take: the keyer sees it in the outbox. */
function refusal(item: KeyedItem, status: number): Answer {
  const { client_id, revision } = item;
  return { client_id, revision, result: "refused", case_state: "", problems: [], code: `http_${status}`, text: "" };
}

/** A request that ends in a good answer, or in Stopped. */
export async function contact(url: string, options: RequestInit, limit: number): Promise<Response> {
  let reply: Response;
  try {
    const signal = AbortSignal.timeout(limit);
    reply = await fetch(url, { ...options, credentials: "same-origin", redirect: "manual", cache: "no-store", signal });
  } catch {
    throw new Stopped("offline", 0);
  }
  if (reply.type === "opaqueredirect" || SIGNED_OUT.has(reply.status)) throw new Stopped("signed_out", reply.status);
  if (reply.status === 409) throw new Stopped("other_user", 409);
  if (!reply.ok) throw new Stopped("offline", reply.status);
  return reply;
}

async function read<T>(reply: Response): Promise<T> {
  try {
    return (await reply.json()) as T;
  } catch {
    throw new Stopped("offline", 0); // cut off in the middle, or not our server at all
  }
}
