// The service worker of keying. It answers for two things: the page of the keying screen (network first, the kept one
// when the line is down or slow) and the static files of that page (kept ones first). All else, above all everything
// that carries data, goes to the network as if it were not there. The view writes SHELL above this script.
export {};

interface Shell {
  version: string;
  files: string[];
  screen: string;
  home: string;
}
interface LateEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LateEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  addEventListener(kind: "install" | "activate", listener: (event: LateEvent) => void): void;
  addEventListener(kind: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(kind: "message", listener: (event: MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
declare const SHELL: Shell;

const worker = self as unknown as WorkerScope;
const PREFIX = "hotich-keying-";
const CACHE = PREFIX + SHELL.version;
const PATIENCE = 4_000; // longer than that, the kept page is better than waiting
const FILES = new Set(SHELL.files);

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.files);
  await keep(await fetch(SHELL.screen, { redirect: "manual", cache: "no-store" }).catch(() => undefined));
}

/** Keeps the screen's page, if it is one, and made for the files that lie here. */
async function keep(page: Response | undefined): Promise<void> {
  if (!page?.ok || page.redirected || page.headers.get("X-Hotich-Shell") !== SHELL.version) return;
  await (await caches.open(CACHE)).put(SHELL.screen, page);
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

const kept = async (key: string): Promise<Response | undefined> => (await caches.open(CACHE)).match(key);

async function screenPage(event: FetchEvent): Promise<Response> {
  const coming = fetch(event.request);
  event.waitUntil(coming.then((page) => keep(page.clone())).catch(() => undefined));
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined));
  const page = await Promise.race([coming.catch(() => undefined), late]);
  // a server in trouble (5xx, also the proxy's) is a line that is down; a way to the sign-in page is an answer
  if (page && page.status < 500) return page;
  return (await kept(SHELL.screen)) ?? page ?? coming;
}

/** The list of packages needs the line; without it the screen itself offers what lies on this PC. */
async function homePage(event: FetchEvent): Promise<Response> {
  try {
    return await fetch(event.request);
  } catch (error) {
    if (await kept(SHELL.screen)) return Response.redirect(SHELL.screen, 302);
    throw error;
  }
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
// no skipWaiting by itself: a new worker must not take over under a page that runs the old script
worker.addEventListener("message", (event) => event.data === "take-over" && void worker.skipWaiting());
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL.screen) event.respondWith(screenPage(event));
    else if (url.pathname === SHELL.home) event.respondWith(homePage(event));
  } else if (FILES.has(url.pathname)) {
    event.respondWith(kept(url.pathname).then((file) => file ?? fetch(request)));
  }
});
