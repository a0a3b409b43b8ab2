// Work that a key does not wait for. What answers the key is written in the frame the browser is about to make, so that it
// is laid out once; what only follows from it (checks, places on the screen) comes when that frame is shown.
// Whoever needs the outcome before then asks for it: `paintNow`, `settle`.

type Work = () => void;

export class Frame {
  readonly #paints = new Map<string, Work>();
  readonly #after = new Map<string, Work>();
  #asked = false;
  readonly #shown = new MessageChannel();

  constructor() {
    this.#shown.port1.onmessage = () => run(this.#after);
  }

  /** Done in the next frame, before it is laid out; of one name only the last. */
  paint(name: string, work: Work): void {
    this.#paints.delete(name);
    this.#paints.set(name, work);
    this.#ask();
  }

  /** Done once the next frame is shown; of one name only the last. */
  after(name: string, work: Work): void {
    this.#after.set(name, work);
    this.#ask();
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
    requestAnimationFrame(() => {
      this.#asked = false;
      run(this.#paints);
      if (this.#after.size) this.#shown.port2.postMessage(0); // a task of its own: after layout and paint
    });
  }
}

function run(waiting: Map<string, Work>): void {
  const all = [...waiting.values()];
  waiting.clear();
  for (const work of all) work();
}
