// The boxes as a list with numbers: everything the picture can do, without seeing it and without a mouse.
import { type Words, say } from "./net";
import type { Box, Region, Size } from "./regions";

interface Acts {
  choose(id: number): void;
  put(box: Box): void;
}

const FIELDS = ["left", "top", "width", "height"] as const;

export class EditorList {
  private readonly list: HTMLOListElement;
  private readonly numbers: HTMLFieldSetElement;
  private regions: Region[] = [];
  private chosen: number | null = null;

  constructor(
    root: HTMLElement,
    private readonly words: Words,
    private readonly size: Size,
    private readonly acts: Acts,
  ) {
    this.list = root.querySelector("[data-editor-list]") as HTMLOListElement;
    this.numbers = root.querySelector("[data-editor-numbers]") as HTMLFieldSetElement;
    this.list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-choose]") : null;
      if (button) acts.choose(Number(button.dataset["choose"]));
    });
    this.numbers.addEventListener("change", () => this.read());
  }

  nameOf(each: Region, number: number): string {
    const [left, top, right, bottom] = each.box.map(Math.round) as Box;
    const figures = { n: number, left, top, width: right - left, height: bottom - top };
    return say(this.words, each.kind === "case" ? "case_name" : "header_name", figures);
  }

  draw(regions: Region[], chosen: number | null): void {
    this.regions = regions;
    this.chosen = chosen;
    let count = 0;
    regions.forEach((each, place) => {
      count += each.kind === "case" ? 1 : 0;
      const line = this.list.children[place] ?? this.list.appendChild(this.line());
      this.fill(line, each, each.kind === "case" ? count : 0);
    });
    while (this.list.children.length > regions.length) this.list.lastElementChild?.remove();
    this.write();
  }

  private line(): HTMLLIElement {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("span"), document.createElement("span"));
    line.append(button);
    return line;
  }

  private fill(line: Element, each: Region, number: number): void {
    const button = line.firstElementChild as HTMLButtonElement;
    const [left, top, right, bottom] = each.box.map(Math.round) as Box;
    button.dataset["choose"] = String(each.id);
    button.className = `is-${each.kind}`;
    button.setAttribute("aria-pressed", String(each.id === this.chosen));
    button.children[0]?.replaceChildren(each.kind === "case" ? say(this.words, "case_line", { n: number }) : say(this.words, "header_line"));
    button.children[1]?.replaceChildren(`${left}, ${top} · ${right - left} × ${bottom - top}`);
  }

  private input(name: string): HTMLInputElement {
    return this.numbers.querySelector(`[data-number=${name}]`) as HTMLInputElement;
  }

  private write(): void {
    const found = this.regions.find((each) => each.id === this.chosen);
    this.numbers.disabled = !found;
    const [left, top, right, bottom] = (found?.box ?? [0, 0, 0, 0]).map(Math.round) as Box;
    const values = { left, top, width: right - left, height: bottom - top };
    for (const name of FIELDS) {
      const input = this.input(name);
      input.max = String(name === "left" || name === "width" ? this.size.width : this.size.height);
      if (input !== document.activeElement) input.value = found ? String(values[name]) : "";
    }
  }

  private read(): void {
    const [left, top, width, height] = FIELDS.map((name) => Number(this.input(name).value)) as Box;
    if ([left, top, width, height].every(Number.isFinite) && width > 0 && height > 0) this.acts.put([left, top, left + width, top + height]);
  }
}
