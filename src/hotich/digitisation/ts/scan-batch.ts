// The page of a batch: pages come in, are watched while they are worked on, and put in order.
import { watchLive } from "./parts/live";
import { watchOrder } from "./parts/order";
import { watchUpload } from "./parts/upload";

document.addEventListener("DOMContentLoaded", () => {
  watchUpload();
  watchLive();
  watchOrder();
});
