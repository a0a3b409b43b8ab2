// Lists: j and k move from row to row (the focus goes to the row's first link or button, so Enter opens it), and a row
// that an address points at (#row-12) is lit and brought into view.

export function watchRows(): void {
  window.addEventListener("hashchange", lightTarget);
  lightTarget();
}

/** Move to the next (1) or the previous (-1) row. False when the page has no list. */
export function stepRow(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>("table[data-rows] > tbody > tr")];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.hasAttribute("data-current"));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) goTo(next);
  return true;
}

function goTo(row: HTMLTableRowElement): void {
  document.querySelectorAll("tr[data-current]").forEach((old) => old.removeAttribute("data-current"));
  row.setAttribute("data-current", "");
  const control = row.querySelector<HTMLElement>("a[href], button, input");
  if (control) control.focus({ preventScroll: true });
  else {
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }
  row.scrollIntoView({ block: "nearest" });
}

function lightTarget(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id.startsWith("row-")) return;
  const row = document.getElementById(id);
  if (row instanceof HTMLTableRowElement) {
    goTo(row);
    row.scrollIntoView({ block: "center" });
  }
}
