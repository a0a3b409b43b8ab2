// Work that a key does not wait for. What answers the key is written in one go when its handler is through, and laid out there
// and then: the browser's next frame is up to 1/60 s away, and what is done until it comes makes nobody wait. What only follows
// from the key (checks, places on the screen) comes when the hand rests for a moment, so that the frame which that takes is
// not in the way of the next key, and in any case soon.
// Whoever needs the outcome before then asks for it: `paintNow`, `settle`.

type Work = () => void;
/** So long the hand rests, and so long what waits is put off by further keys, milliseconds. */
const REST = 100;
const LATEST = 1000;

export class Frame {
  readonly #paints = new Map<string, Work>();
  readonly #after = new Map<string, Work>();
  #asked = false;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Done when what runs now is through, before the next frame; of one name only the last. */
  paint(name: string, work: Work): void {
    this.#paints.delete(name);
    this.#paints.set(name, work);
    this.#ask();
  }

  /** Done when no key has come for a moment; of one name only the last. */
  after(name: string, work: Work): void {
    if (!this.#after.size) this.#since = performance.now();
    this.#after.set(name, work);
    this.hold();
  }

  /** A key has come: what waits is put off. What has waited long enough comes right after the frame that answers the key:
   *  then the next one is farthest away. */
  hold(): void {
    if (!this.#after.size) return;
    clearTimeout(this.#timer);
    const begin = (after: number): void => void (this.#timer = setTimeout(() => run(this.#after), after));
    if (performance.now() - this.#since < LATEST) begin(REST);
    else requestAnimationFrame(() => begin(0));
  }

  /** What stands on the screen is up to date when this returns: proposals, lists. */
  paintNow(): void {
    run(this.#paints);
  }

  /** Everything that waits is done when this returns, checks too. */
  settle(): void {
    run(this.#paints);
    run(this.#after);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      run(this.#paints);
      document.body.getBoundingClientRect(); // asked for its side effect: the page is laid out now
    });
  }
}

function run(waiting: Map<string, Work>): void {
  const all = [...waiting.values()];
  waiting.clear();
  for (const work of all) work();
}
