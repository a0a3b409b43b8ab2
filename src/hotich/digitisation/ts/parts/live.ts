// A part of the page that follows what goes on in the background. Only what has changed is exchanged, piece by piece
// ([data-live-key] with another [data-live-state]), so that nothing flickers, moves, or loses the focus.

const EVERY = 2000; // or what data-live-every says

class Live {
  private timer = 0;
  private asked = 0; // an answer that is overtaken by a later question is older than what the page shows

  constructor(private readonly root: HTMLElement) {
    document.addEventListener("scans:received", () => void this.ask());
    document.addEventListener("scans:changed", () => void this.ask());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.plan();
    });
    // come back to by the browser's own button, the page is as old as when it was left
    window.addEventListener("pageshow", (event) => {
      const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      if (event.persisted || visit?.type === "back_forward") void this.ask();
    });
    this.plan();
  }

  private get isRunning(): boolean {
    return this.root.querySelector("[data-live-running]") !== null;
  }

  private plan(): void {
    window.clearTimeout(this.timer);
    if (this.isRunning && !document.hidden) this.timer = window.setTimeout(() => void this.ask(), Number(this.root.dataset["liveEvery"]) || EVERY);
  }

  private async ask(): Promise<void> {
    const question = ++this.asked;
    try {
      const answer = await fetch(this.root.dataset["live"] ?? "", { headers: { "X-Hotich-Background": "1" } });
      const html = await answer.text();
      if (question !== this.asked) return;
      if (answer.ok && !answer.redirected) this.take(html);
    } catch {
      // no line: the next time will tell
    }
    this.plan();
  }

  private take(html: string): void {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (fresh.querySelector("[data-live-reload]")) {
      location.reload();
      return;
    }
    const pieces = [...fresh.querySelectorAll<HTMLElement>("[data-live-key]")];
    const wanted = new Map(pieces.map((piece) => [piece.dataset["liveKey"], piece]));
    // pieces may stand elsewhere on the page, above the part that is watched
    for (const old of document.querySelectorAll<HTMLElement>("[data-live-key]")) {
      const piece = wanted.get(old.dataset["liveKey"]);
      if (!piece) {
        if (old.dataset["liveGoes"] !== undefined) old.remove();
      } else {
        wanted.delete(old.dataset["liveKey"]);
        if (piece.dataset["liveState"] === old.dataset["liveState"]) continue;
        if (old.matches(":focus-within, :has(.is-wrong)")) old.dispatchEvent(new CustomEvent("live:held", { bubbles: true, detail: piece }));
        else old.replaceWith(document.adoptNode(piece));
      }
    }
    for (const piece of wanted.values()) {
      const place = this.root.querySelector(`[data-live-place="${piece.dataset["livePlaceIn"] ?? ""}"]`);
      place?.append(document.adoptNode(piece));
    }
  }
}

export function watchLive(): void {
  document.querySelectorAll<HTMLElement>("[data-live]").forEach((root) => new Live(root));
}
