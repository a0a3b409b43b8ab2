// What every page can do beyond plain HTML. Each part looks for its own data attributes and is silent without them.
import { watchDialogs } from "./parts/dialogs";
import { watchForms } from "./parts/forms";
import { watchKeys } from "./parts/keys";
import { watchNavigation } from "./parts/navigation";
import { watchRows } from "./parts/rows";
import { watchUpdates } from "./parts/updates";
import { watchViewers } from "./parts/viewer";

document.addEventListener("DOMContentLoaded", () => {
  watchDialogs();
  watchForms();
  watchKeys();
  watchNavigation();
  watchRows();
  watchViewers();
  watchUpdates();
});
