// Browsers before the popover attribute (Chrome 109, the last for Windows 7): the list of pages of a narrow window opens by class.
export function watchNavigation(): void {
  if ("popover" in HTMLElement.prototype) return;
  const button = document.querySelector<HTMLElement>(".nav-toggle"), nav = document.getElementById("site-nav");
  if (!button || !nav) return;
  const turn = (open: boolean): void => {
    nav.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  turn(false);
  button.addEventListener("click", () => turn(!nav.classList.contains("is-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("is-open")) return;
    turn(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !nav.contains(event.target) && !button.contains(event.target)) turn(false);
  });
}
