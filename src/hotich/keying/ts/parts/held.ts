// Without a line the list of packages cannot be had; the screen then offers those that lie in this browser.
import type { PackageHead } from "./shapes";
import type { Store } from "./store";
import { say, textsOf } from "./texts";

export const hashOf = ({ id, kind }: Pick<PackageHead, "id" | "kind">): string => (kind === "key" ? id : `kiem-tra/${id}`);

/** Puts links to the packages of this browser before an element; nothing when there are none. */
export async function showHeld(store: Store, before: HTMLElement): Promise<void> {
  const held = await store.packages();
  if (!held.length) return;
  const list = document.createElement("nav");
  list.className = "outbox-held";
  list.setAttribute("aria-label", say(textsOf("offline-texts"), "held"));
  const title = document.createElement("p");
  title.textContent = list.getAttribute("aria-label");
  list.append(title);
  for (const head of held) {
    const link = document.createElement("a");
    link.className = "btn btn-quiet";
    link.href = `#${hashOf(head)}`;
    link.textContent = head.title;
    list.append(link);
  }
  before.before(list);
}
