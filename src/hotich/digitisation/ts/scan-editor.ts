// The page where the cases of a scanned page are marked.
import { Editor, type EditorData } from "./parts/editor";
import { watchLive } from "./parts/live";
import { pageData } from "./parts/net";

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector<HTMLElement>("[data-editor]");
  const data = pageData<EditorData>("editor-data");
  if (root && data) new Editor(root, data);
  watchLive();
});
