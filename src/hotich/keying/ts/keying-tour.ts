// The first-use tour on pages that have no script of their own.
import { watchTour } from "./parts/tour";

document.addEventListener("DOMContentLoaded", () => watchTour());
