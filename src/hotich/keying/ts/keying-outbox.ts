// The outbox on pages that are not the keying screen: shows what waits on this PC and sends it; mending opens the screen.
import { hashOf } from "./parts/held";
import { startOffline } from "./parts/offline";

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector<HTMLElement>("[data-offline]");
  if (!root) return;
  void startOffline({
    mend: ({ item }) => {
      sessionStorage.setItem("hotich.keying.mend", item.client_id); // the screen looks for it
      location.assign(`${root.dataset["screen"]}#${hashOf({ id: item.package, kind: item.kind })}`);
    },
  }).catch(() => undefined); // the page already says what is missing
});
