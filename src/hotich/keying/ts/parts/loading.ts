// Fetching a package with its pictures ahead of keying; what has come is kept, so a broken line only delays the rest.
import type { PackageData, PackageItem } from "./shapes";

/** done and total count pictures. */
export type Progress = (done: number, total: number) => void;

/** The line dropped, or the server refused, before everything was here. `status` 0: no answer at all. */
export class LoadStopped extends Error {
  constructor(
    readonly status: number,
    readonly done: number,
    readonly total: number,
  ) {
    super(`stopped at ${done} of ${total}, status ${status}`);
    this.name = "LoadStopped";
  }
}

export interface Shelf {
  put(data: PackageData): Promise<void>;
  has(itemId: string, bytes: number): Promise<boolean>;
  putPicture(itemId: string, packageId: string, type: string, bytes: ArrayBuffer): Promise<void>;
}

const AT_ONCE = 3; // pictures under way together: more only makes each of them late on a thin line
const DATA_LIMIT = 60_000;
const PICTURE_LIMIT = 60_000;

async function fetched(url: string, limit: number): Promise<Response | number> {
  try {
    const options = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(limit) } as const;
    const reply = await fetch(url, options);
    if (reply.type === "opaqueredirect") return 401; // to the sign-in page
    return reply.ok ? reply : reply.status;
  } catch {
    return 0;
  }
}

async function body<T>(reply: Response, read: (reply: Response) => Promise<T>): Promise<T | undefined> {
  try {
    return await read(reply);
  } catch {
    return undefined; // cut off in the middle
  }
}

/** Fetches data, then pictures. Rejects with LoadStopped; what came until then is on the shelf. */
export async function loadPackage(url: string, onProgress: Progress, shelf: Shelf): Promise<PackageData> {
  const reply = await fetched(url, DATA_LIMIT);
  if (typeof reply === "number") throw new LoadStopped(reply, 0, 0);
  const data = await body(reply, (whole) => whole.json() as Promise<PackageData>);
  if (!data) throw new LoadStopped(0, 0, 0);
  await shelf.put(data);
  await loadPictures(data, onProgress, shelf);
  return data;
}

async function loadPictures(data: PackageData, onProgress: Progress, shelf: Shelf): Promise<void> {
  const wanted = data.items.filter((item) => item.picture);
  const queue = [...wanted];
  let done = 0;
  let failure: number | undefined;
  onProgress(0, wanted.length);
  async function work(): Promise<void> {
    for (let item = queue.shift(); item && failure === undefined; item = queue.shift()) {
      const status = await loadPicture(item, data.package.id, shelf);
      if (status === undefined) onProgress(++done, wanted.length);
      else failure = status;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failure !== undefined) throw new LoadStopped(failure, done, wanted.length);
}

/** undefined when the picture is here. A picture that the server does not have (404) is no reason to stop. */
async function loadPicture(item: PackageItem, owner: string, shelf: Shelf): Promise<number | undefined> {
  const { url, bytes } = item.picture!;
  if (await shelf.has(item.id, bytes)) return undefined;
  const reply = await fetched(url, PICTURE_LIMIT);
  if (reply === 404) return undefined;
  if (typeof reply === "number") return reply;
  const whole = await body(reply, (one) => one.arrayBuffer());
  if (!whole) return 0;
  await shelf.putPicture(item.id, owner, reply.headers.get("Content-Type") ?? "image/jpeg", whole);
  return undefined;
}
