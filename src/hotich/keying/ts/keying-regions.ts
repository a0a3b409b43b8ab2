// The page where the regions of the fields are drawn over the picture of a case.
import { pageData } from "../../digitisation/ts/parts/net";
import { type MapData, MapEditor } from "./parts/region-map";

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector<HTMLElement>("[data-map]");
  const data = pageData<MapData>("map-data");
  if (root && data) void MapEditor.open(root, data);
});
