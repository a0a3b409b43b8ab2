// The board follows what is keyed, piece by piece, without a reload.
import { watchLive } from "../../digitisation/ts/parts/live";

document.addEventListener("DOMContentLoaded", watchLive);
