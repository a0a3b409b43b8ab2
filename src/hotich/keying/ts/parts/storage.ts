// Whether this browser can keep the keyer's work safely: what it lacks, whether it promises to keep it, how much room.

const LEAST_ROOM = 200 * 1024 * 1024;

/** Parts of a browser without which nothing may be kept: over plain http most are missing. Empty: all is there. */
export function missingParts(): string[] {
  const needed: [string, unknown][] = [
    ["indexedDB", globalThis.indexedDB],
    ["crypto.subtle", globalThis.crypto?.subtle],
    ["locks", navigator.locks],
    ["BroadcastChannel", globalThis.BroadcastChannel],
  ];
  return needed.filter(([, part]) => !part).map(([name]) => name);
}

export interface Room {
  /** The browser has promised not to clear our storage by itself. */
  persistent: boolean;
  /** Free megabytes when they are few; undefined while there is room enough. */
  scarce: number | undefined;
}

/** Asks once more for the promise, which Chrome gives to installed apps, and looks at the room left. */
export async function lookAtRoom(): Promise<Room> {
  const storage = navigator.storage;
  const persistent = (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  const { quota, usage } = (await storage?.estimate?.()) ?? {};
  const left = quota === undefined ? undefined : quota - (usage ?? 0);
  const scarce = left !== undefined && left < LEAST_ROOM ? Math.max(0, Math.floor(left / 1024 / 1024)) : undefined;
  return { persistent, scarce };
}
