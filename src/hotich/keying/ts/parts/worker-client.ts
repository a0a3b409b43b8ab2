// The service worker from the page's side: it is registered here, and a new one takes over only when the keyer says so.

export interface Update {
  /** Let the new version take over; the page is loaded again. Drafts and outbox lie in the store. */
  take(): void;
}

const LOOK_AGAIN = 30 * 60 * 1000; // a page may stay open for a whole shift

/** Registers the worker. `onUpdate` is called when a new version waits; it may be called again. */
export async function watchWorker(url: string, scope: string, onUpdate: (update: Update) => void): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const registration = await workers.register(url, { scope, updateViaCache: "none" });
  const tell = (): void => {
    const waiting = registration.waiting;
    if (waiting && registration.active) onUpdate({ take: () => takeOver(waiting) });
  };
  tell();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && tell());
  });
  setInterval(() => void lookForUpdate(registration), LOOK_AGAIN);
}

/** Ask the server whether there is a new worker; without a line nothing happens. */
export async function lookForUpdate(registration?: ServiceWorkerRegistration): Promise<void> {
  const known = registration ?? (await navigator.serviceWorker?.getRegistration());
  await known?.update().catch(() => undefined);
}

function takeOver(waiting: ServiceWorker): void {
  // other tabs go on with the script they have; only the one in which it was asked for is loaded again
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take-over");
}

/** After a sign-out nobody shall open the screen on this PC without signing in: its kept page goes. */
export async function forgetScreen(screen: string): Promise<void> {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) await (await caches.open(name)).delete(screen);
}
