// Buttons that close the dialog they stand in.

export function clearDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-closes-dialog]") : null;
    target?.closest("dialog")?.close();
  });
}
