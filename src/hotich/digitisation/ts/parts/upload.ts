// Files go to the server one after another. What it already has is not sent again, a line that dropped is waited for,
// a refusal is shown at its file and stops nothing. What was not sent when the page was left is remembered as a number.
import { dropped, hashOf, inOrder } from "./gather";
import { type Answer, type Words, pageData, post, read, say, token } from "./net";

type State = "waiting" | "sending" | "received" | "known" | "refused" | "stopped";

interface Item {
  file: File;
  state: State;
  sent: number;
  text: string;
  row: HTMLLIElement;
}

interface Setting {
  url: string;
  known_url: string;
  limit: number;
  words: Words;
}

const TOLD = 2000; // milliseconds between two words to the page that files have come
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before the next try
const SHOWN = 200; // rows of files that need nobody are taken away above this number

export class Upload {
  private readonly items: Item[] = [];
  private running = false;
  private paused = false;
  private told = 0;
  private goOn = (): void => undefined; // ends the pause before the next try
  private readonly list: HTMLElement;
  private readonly zone: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly setting: Setting,
  ) {
    this.list = this.part("[data-upload-list]");
    this.zone = this.part("[data-upload-zone]");
    root.querySelector("[data-upload-plain]")?.setAttribute("hidden", "");
    root.querySelectorAll<HTMLElement>("[data-upload-script]").forEach((part) => part.removeAttribute("hidden"));
    this.watchChoosing();
    this.watchDropping();
    this.part("[data-upload-again]").addEventListener("click", () => this.again());
    window.addEventListener("online", () => {
      this.goOn();
      this.again();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.left() > 0) event.preventDefault();
    });
    this.tellWhatWasLeft();
  }

  private part<T extends HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (!found) throw new Error(`upload: ${selector} is missing`);
    return found;
  }

  private watchChoosing(): void {
    this.root.querySelectorAll<HTMLInputElement>("input[type=file][data-upload-chooses]").forEach((input) => {
      input.addEventListener("change", () => {
        this.add(inOrder([...(input.files ?? [])]));
        input.value = "";
      });
    });
    this.root.querySelectorAll<HTMLButtonElement>("button[data-upload-opens]").forEach((button) => {
      button.addEventListener("click", () => document.getElementById(button.dataset["uploadOpens"] ?? "")?.click());
    });
  }

  /** The whole page takes what is dropped: nobody has to aim, and no file is opened by mistake in place of the page. */
  private watchDropping(): void {
    let depth = 0;
    const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const mark = (by: number): void => {
      depth = Math.max(0, depth + by);
      this.zone.classList.toggle("is-over", depth > 0);
    };
    document.addEventListener("dragenter", (event) => isFiles(event) && mark(1));
    document.addEventListener("dragleave", (event) => isFiles(event) && mark(-1));
    document.addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!isFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      mark(0);
      void dropped(event.dataTransfer).then((files) => this.add(files));
    });
  }

  add(files: File[]): void {
    for (const file of files) this.items.push(this.itemOf(file));
    this.draw();
    void this.run();
  }

  private itemOf(file: File): Item {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "upload-name";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "upload-state";
    row.append(name, state);
    this.list.append(row);
    const item: Item = { file, state: "waiting", sent: 0, text: "", row };
    if (file.size > this.setting.limit) this.end(item, "refused", this.say("too_large"));
    else if (file.size === 0) this.end(item, "refused", this.say("empty"));
    else this.set(item, "waiting");
    return item;
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.paused = false;
    for (let item = this.next(); item && !this.paused; item = this.next()) {
      this.set(item, "sending");
      this.draw();
      await this.send(item);
      this.draw();
      if (item.state === "received") this.announce(TOLD);
    }
    this.running = false;
    this.draw();
    this.announce(0);
  }

  /** The page shows what has come while the rest is still on its way. */
  private announce(every: number): void {
    if (Date.now() - this.told < every) return;
    this.told = Date.now();
    this.root.dispatchEvent(new CustomEvent("scans:received", { bubbles: true }));
  }

  private next(): Item | undefined {
    return this.items.find((item) => item.state === "waiting");
  }

  private left(): number {
    return this.items.filter((item) => ["waiting", "sending", "stopped"].includes(item.state)).length;
  }

  private async send(item: Item): Promise<void> {
    let hash = "";
    try {
      hash = await hashOf(item.file);
    } catch {
      this.end(item, "refused", this.say("unreadable"));
      return;
    }
    if (hash && (await this.isKnown(hash))) {
      this.end(item, "known", this.say("known"));
      return;
    }
    for (const pause of PAUSES) {
      const answer = await this.deliver(item);
      if (answer.ok) {
        const twice = answer.data["known"] === true;
        this.end(item, twice ? "known" : "received", twice ? this.say("known") : answer.text);
        return;
      }
      const isOurs = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!isOurs && answer.text) {
        this.end(item, "refused", answer.text);
        return;
      }
      if (!isOurs) return this.stop(item, "signed_out");
      this.set(item, "sending", this.say("line_down", { n: pause }));
      await this.rest(pause);
    }
    this.stop(item, "stopped");
  }

  /** Until so many seconds are over, or the line is back. */
  private rest(seconds: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, seconds * 1000);
      this.goOn = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  private async isKnown(hash: string): Promise<boolean> {
    const answer = await post(this.setting.known_url, { sha256: [hash] });
    return answer.ok && Array.isArray(answer.data["known"]) && answer.data["known"].includes(hash);
  }

  /** XMLHttpRequest, because fetch tells nothing about how far a body has gone. */
  private deliver(item: Item): Promise<Answer> {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.setting.url);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        item.sent = event.lengthComputable ? event.loaded / event.total : 0;
        this.set(item, "sending");
        this.draw();
      });
      request.addEventListener("load", () => done(read(request.status, request.responseText)));
      for (const kind of ["error", "abort", "timeout"] as const)
        request.addEventListener(kind, () => done({ ok: false, status: 0, text: "", data: {} }));
      const body = new FormData();
      body.append("file", item.file, item.file.name);
      request.send(body);
    });
  }

  private stop(item: Item, why: string): void {
    this.set(item, "stopped", this.say(why));
    this.paused = true;
  }

  /** Those that were stopped go on where they were. */
  private again(): void {
    this.items.filter((item) => item.state === "stopped").forEach((item) => this.set(item, "waiting"));
    this.draw();
    void this.run();
  }

  private end(item: Item, state: State, text: string): void {
    item.sent = 1;
    this.set(item, state, text);
    if (state === "refused") this.list.prepend(item.row); // what needs somebody is not looked for among hundreds
    const done = this.list.querySelectorAll("li[data-state=received], li[data-state=known]");
    if (done.length > SHOWN) done[0]?.remove();
  }

  private set(item: Item, state: State, text = ""): void {
    item.state = state;
    item.text = text;
    item.row.dataset["state"] = state;
    const place = item.row.querySelector(".upload-state");
    const share = state === "sending" && !text ? ` ${Math.round(item.sent * 100)}%` : "";
    if (place) place.textContent = (text || this.say(`state_${state}`)) + share;
    if (state === "sending") item.row.scrollIntoView?.({ block: "nearest" });
  }

  private draw(): void {
    const total = this.items.length;
    const bytes = this.items.reduce((sum, item) => sum + item.file.size, 0);
    const gone = this.items.reduce((sum, item) => sum + item.file.size * item.sent, 0);
    const count = (state: State): number => this.items.filter((item) => item.state === state).length;
    this.part("[data-upload-progress]").hidden = total === 0;
    const bar = this.part<HTMLProgressElement>("[data-upload-bar]");
    bar.max = Math.max(bytes, 1);
    bar.value = gone;
    this.part("[data-upload-figures]").textContent = `${total - this.left()} / ${total}`;
    const parts = [say(this.setting.words, "sum", { received: count("received"), known: count("known"), refused: count("refused") })];
    if (!this.running && this.left() === 0) parts.unshift(this.say("done"));
    const text = parts.join(" ");
    const summary = this.part("[data-upload-summary]");
    // told when a file ends, not with every packet
    if (summary.textContent !== text) summary.textContent = text;
    this.part("[data-upload-again]").hidden = this.running || count("stopped") === 0;
    this.remember(this.left());
  }

  private get key(): string {
    return `hotich.upload:${this.setting.url}`;
  }

  /** The number alone: names of files may be names of citizens. */
  private remember(left: number): void {
    if (left > 0) sessionStorage.setItem(this.key, String(left));
    else sessionStorage.removeItem(this.key);
  }

  private tellWhatWasLeft(): void {
    const left = Number(sessionStorage.getItem(this.key) ?? 0);
    if (!left) return;
    const place = this.part("[data-upload-left]");
    place.textContent = this.say("left", { n: left });
    place.hidden = false;
  }

  private say(key: string, figures: Record<string, string | number> = {}): string {
    return say(this.setting.words, key, figures);
  }
}

export function watchUpload(): void {
  const root = document.querySelector<HTMLElement>("[data-upload]");
  const setting = pageData<Setting>("upload-data");
  if (root && setting) new Upload(root, setting);
}
