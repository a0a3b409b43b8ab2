// Parts of a page that htmx has exchanged: viewers in them start, and a failed request says so in the page.
import { watchViewers } from "./viewer";

export function watchUpdates(): void {
  document.addEventListener("htmx:afterSwap", () => watchViewers());
  document.addEventListener("htmx:sendError", () => show("data-line-down"));
  document.addEventListener("htmx:responseError", () => show("data-server-error"));
}

/** The words stand in the page, in its language: `#alerts-words` carries them as attributes. */
function show(name: string): void {
  const words = document.getElementById("alerts-words")?.getAttribute(name);
  const place = document.getElementById("alerts");
  if (!words || !place || [...place.children].some((child) => child.textContent === words)) return;
  const line = document.createElement("div");
  line.className = "notice notice-error";
  line.textContent = words;
  place.append(line);
}
