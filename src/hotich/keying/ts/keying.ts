// The keying screen. The page knows no citizen and no package: which one to key stands behind the # of the address, what
// is in it comes out of the browser's store (or over the line, the first time).
//   #<package>            a package that this officer has out
//   #kiem-tra/<package>   fields of a package that are keyed a second time
//   #luyen-tap/<letters>  the practice book; nothing of it is kept
import { isSecond } from "./parts/carry";
import { clearDialogs } from "./parts/closing";
import { part, write } from "./parts/dom";
import { showHeld } from "./parts/held";
import { watchKeys } from "./parts/keys";
import { LoadStopped } from "./parts/loading";
import { startOffline } from "./parts/offline";
import { keepIn, type Place } from "./parts/places";
import { asker } from "./parts/population-line";
import { tell, wrongIn, type Practice } from "./parts/practice";
import { Screen, type Outside } from "./parts/screen";
import type { Kept, PackageData } from "./parts/shapes";
import type { Store } from "./parts/store";
import { count, speed, today, total } from "./parts/today";
import { watchTour } from "./parts/tour";
import { readTexts, say } from "./parts/words";

const root = (): HTMLElement => part("keying");
/** How long a package that is here already waits for what the server knows of it now, milliseconds. */
const REFRESH = 2_500;
let screen: Screen | null = null;

async function start(): Promise<void> {
  readTexts();
  clearDialogs();
  addEventListener("hashchange", () => location.reload());
  const wanted = decodeURIComponent(location.hash.slice(1));
  const practiceUrl = practiceOf(wanted);
  if (practiceUrl) {
    await startPractice(practiceUrl);
    return;
  }
  const { store, sender } = await startOffline({ mend: (kept) => void mend(kept) });
  if (!wanted) {
    stopWith("no_package");
    return showHeld(store, part("keying-home"));
  }
  const data = await load(store, wanted);
  if (!data) return;
  const kept = await store.kept();
  store.onChange(() => void paintToday(store));
  void paintToday(store);
  await begin(data, kept, keeping(store, data), await store.draft(data.package.id));
  sender.onChange(() => sender.state === "online" && void screen?.population.again());
  await mendLater();
}

function practiceOf(wanted: string): string {
  const known = JSON.parse(root().dataset["practice"] ?? "{}") as Record<string, string>;
  return known[wanted] ?? known[wanted.replace(/^luyen-tap\//, "")] ?? "";
}

function addressOf(wanted: string): { id: string; url: string } {
  const [kind, rest] = wanted.includes("/") ? (wanted.split("/", 2) as [string, string]) : ["", wanted];
  const pattern = (kind === "kiem-tra" ? root().dataset["secondUrl"] : root().dataset["packageUrl"]) ?? "";
  return { id: rest, url: pattern.replace("00000000-0000-0000-0000-000000000000", rest) };
}

/** What is here already is taken when the line is down; else what the server knows now. */
async function load(store: Store, wanted: string): Promise<PackageData | null> {
  const { id, url } = addressOf(wanted);
  const known = await store.package(id);
  const progress = (done: number, total: number): void => write(part("keying-loading"), total ? say("loading_pictures", { done, total }) : say("loading"));
  try {
    // a second keying is other places and other fields every time: what is kept here counts only without a line
    if (known && !wanted.startsWith("kiem-tra/")) {
      const fresh = store.load(url, () => undefined).catch(() => undefined); // what came back, pictures still missing
      await Promise.race([fresh, new Promise((late) => setTimeout(late, REFRESH))]);
      return (await store.package(id)) ?? known;
    }
    return await store.load(url, progress);
  } catch (error) {
    const late = await store.package(id);
    if (late) return late; // the form is here, some pictures are not
    const status = error instanceof LoadStopped ? error.status : -1;
    stopWith(status === 401 || status === 403 ? "load_signed_out" : status === 404 ? "load_unknown" : "load_offline");
    return null;
  }
}

async function begin(data: PackageData, kept: readonly Kept[], outside: Outside, draft?: Record<string, unknown>): Promise<void> {
  part("keying-loading").hidden = true;
  part("keying-work").hidden = false;
  document.body.dataset["kind"] = data.package.kind;
  document.body.classList.toggle("is-paper", data.items.every((item) => !item.picture));
  write(part("keying-title"), data.package.title);
  write(part("keying-kind"), say(`kind_${data.package.kind}`));
  if (isSecond(data)) for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-home]")) link.href = root().dataset["secondHome"]!;
  screen = new Screen(data, kept, outside);
  watchKeys(screen);
  part("keying-save").addEventListener("click", () => void screen?.save());
  for (const button of document.querySelectorAll<HTMLElement>("[data-zoom]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    button.addEventListener("click", () => screen?.scan.zoom(Number(button.dataset["zoom"]) as 1 | -1 | 0));
  }
  document.querySelector("[data-table]")?.addEventListener("click", () => screen?.setTable(!screen.isTable));
  document.querySelector("[data-help]")?.addEventListener("click", () => part<HTMLDialogElement>("keys-card").showModal());
  const at = draft ? screen.places.at(String(draft["item"])) : -1;
  if (draft && at < 0 && draft["after"]) {
    const made = screen.places.insert(Math.max(0, screen.places.at(String(draft["after"]))));
    made.clientId = String(draft["client_id"]);
    await screen.open(screen.places.list.indexOf(made), draft);
  } else await screen.open(at >= 0 ? at : Math.max(0, screen.places.nextOpen(0)), at >= 0 ? draft : undefined);
  if (data.package.layout === "table") screen.setTable(true);
  document.body.classList.add("is-ready");
  watchTour(data.package.kind === "practice"); // who keys for the first time practises; in earnest it waits in the help
}

function keeping(store: Store, data: PackageData): Outside {
  const { user } = store;
  const beat = document.querySelector<HTMLElement>("[data-offline]")?.dataset["beat"] ?? "";
  const lookUp = root().dataset["populationUrl"] ?? "";
  return {
    ask: lookUp ? asker({ beat, lookUp }, user) : undefined,
    keep: (item, label) => store.keep(item, label),
    picture: (place) => store.picture(place.item.id),
    saveDraft: (draft) => store.saveDraft(data.package.id, draft),
    kept: (_place, item) => {
      count(user, item.active_ms, item.revision === 1);
      void paintToday(store);
    },
  };
}

async function paintToday(store: Store): Promise<void> {
  if (store.isClosed) return;
  const waiting = await store.fresh();
  const now = today(store.user);
  const [cases, pace] = [total(now, waiting), speed(now)];
  write(part("keying-today"), pace ? say("today_speed", { cases, speed: pace }) : say("today", { cases }));
}

async function startPractice(url: string): Promise<void> {
  const reply = await fetch(url, { cache: "no-store" }).catch(() => null);
  if (!reply?.ok) return stopWith("load_offline");
  const data = (await reply.json()) as Practice;
  const waiting: Promise<void>[] = [];
  await begin(data, [], {
    keep: async () => undefined,
    picture: async ({ item }) => (item.picture ? (await fetch(item.picture.url)).blob() : undefined),
    saveDraft: async () => undefined,
    kept: (place, item) => {
      keepIn(place, item);
      waiting.push(tell(wrongIn(data, place), data.answers[place.item.id]?.hint));
    },
    after: () => Promise.all(waiting.splice(0)).then(() => undefined),
  });
}

/** A case out of the outbox: opened here, or in its own package after a reload. */
async function mend(kept: Kept): Promise<void> {
  document.querySelector<HTMLDetailsElement>("[data-outbox]")?.removeAttribute("open");
  const { item } = kept;
  if (screen && item.package === screen.data.package.id) {
    const place = screen.places.take(kept) as Place | undefined;
    if (place) await screen.mend(place);
    return;
  }
  sessionStorage.setItem("hotich.keying.mend", item.client_id);
  location.hash = item.kind === "key" ? item.package : `kiem-tra/${item.package}`;
}

async function mendLater(): Promise<void> {
  const wanted = sessionStorage.getItem("hotich.keying.mend");
  sessionStorage.removeItem("hotich.keying.mend");
  const place = wanted ? screen?.places.list.find((each) => each.clientId === wanted) : undefined;
  if (place) await screen?.mend(place);
}

function stopWith(code: string): void {
  write(part("keying-loading"), say(code));
  part("keying-home").hidden = false;
  document.body.classList.add("is-ready");
}

document.addEventListener("DOMContentLoaded", () => {
  start().catch((error: unknown) => {
    stopWith("broken");
    throw error;
  });
});
