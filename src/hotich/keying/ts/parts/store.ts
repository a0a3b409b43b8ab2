// The keyer's own store in this browser: what waits to be sent, the packages that are out, their pictures, half-typed
// cases. Everything is encrypted (crypto.ts) and lies in one database an officer, so that a shared PC never sends
// another's work. A promise of `keep` that is fulfilled means: on the disk.
//
//   const store = await openStore(officerId);
//   await store.keep(item, "12/1978 – Nguyễn Văn An");     // only then clear the form
//   const data = await store.load(url, (done, total) => …); // or `package(id)` when the line is down
//
// A page starts it together with sender, outbox panel and service worker by `startOffline` of offline.ts.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";

import { newKey, open, openJson, seal, sealJson, type Sealed } from "./crypto";
import { loadPackage, type Progress } from "./loading";
import type { Answer, Counts, Draft, Kept, KeyedItem, PackageData, PackageHead, Status } from "./shapes";
import { heard } from "./today";

export type { Answer, Counts, Draft, Kept, KeyedItem, PackageData, PackageHead, Problem, Value } from "./shapes";
export { LoadStopped, type Progress } from "./loading";

/** Plain beside the sealed part: only what orders and counts, nothing of a person. */
interface OutboxRow {
  client_id: string;
  position: number; // order in which the keyer saved; mending keeps the place
  revision: number;
  status: Status;
  sealed: Sealed;
}
interface PictureRow {
  id: string;
  package: string;
  bytes: number;
  sealed: Sealed;
}
interface Tables extends DBSchema {
  keys: { key: string; value: CryptoKey };
  outbox: { key: string; value: OutboxRow; indexes: { position: number; place: [Status, number] } };
  revisions: { key: string; value: number }; // the last one this browser gave, also after the item was answered
  packages: { key: string; value: Sealed };
  pictures: { key: string; value: PictureRow; indexes: { package: string } };
  drafts: { key: string; value: Sealed };
}
type Written = "outbox" | "packages" | "pictures" | "drafts";
type Base = IDBPDatabase<Tables>;

export interface Store {
  readonly user: string;
  /** The officer has signed out, here or in another tab: nothing can be kept any more, what is asked for rejects. */
  readonly isClosed: boolean;
  /** Puts the item into the outbox, encrypted and on the disk, to be sent. The same client_id again replaces it; its
   * revision is raised where this browser has given it already (another tab), so that the server takes it as newer.
   * Rejects when the disk is full (QuotaExceededError) or the store is gone: then nothing was kept, do not clear the form. */
  keep(item: KeyedItem, label: string): Promise<void>;
  /** Everything in the outbox, in the order it was keyed. */
  kept(): Promise<Kept[]>;
  /** The first that wait to be sent, in order, without those named. */
  waiting(limit: number, without?: ReadonlySet<string>): Promise<KeyedItem[]>;
  /** Takes in what the server said. An answer to an older revision than the one kept changes nothing. */
  settle(answers: readonly Answer[]): Promise<void>;
  /** Puts a refused item back among those that wait. */
  retry(clientId: string): Promise<void>;
  /** Throws an item away: only after the keyer has confirmed it. */
  drop(clientId: string): Promise<void>;
  /** Which packages can be keyed without a line. */
  packages(): Promise<PackageHead[]>;
  package(id: string): Promise<PackageData | undefined>;
  /** Fetches a package and those of its pictures that are not here yet. Rejects with LoadStopped when the line drops:
   * what came is kept, calling again goes on from there. */
  load(url: string, onProgress: Progress): Promise<PackageData>;
  picture(itemId: string): Promise<Blob | undefined>;
  /** Takes the package, its pictures and its draft out of this browser. What waits to be sent stays. */
  forget(packageId: string): Promise<void>;
  draft(packageId: string): Promise<Draft | undefined>;
  /** Keeps a half-typed case; undefined takes it away. */
  saveDraft(packageId: string, draft: Draft | undefined): Promise<void>;
  counts(): Promise<Counts>;
  /** How many places keyed here the server does not have yet in any version. */
  fresh(): Promise<number>;
  /** Calls back after every change, also by another tab. Returns how to stop. */
  onChange(fn: () => void): () => void;
  /** What would be lost with this browser's storage. */
  left(): Promise<Left>;
  /** Removes all that is not work waiting here: everything when nothing waits. Returns what waits and so stays. The
   * store is of no use afterwards. */
  leave(): Promise<Left>;
}

export interface Left extends Counts {
  /** Half-typed cases. */
  drafts: number;
}

export const databaseName = (user: string): string => `hotich-keying-${user}`;
const STRICT = { durability: "strict" } as const; // Chromium's default may lose the last records in a power cut
/** A mark beside the revisions: of this item the server has nothing yet. */
const freshName = (clientId: string): string => `new/${clientId}`;
const place = (table: Written, key: string): string => `${table}/${key}`;
/** The database keeps this version for good: an older page must be able to open what a newer one wrote. */
const DATABASE_VERSION = 1;

export async function openStore(user: string): Promise<Store> {
  let store: BrowserStore | undefined;
  const base = await openDB<Tables>(databaseName(user), DATABASE_VERSION, {
    upgrade(made) {
      made.createObjectStore("keys");
      const outbox = made.createObjectStore("outbox", { keyPath: "client_id" });
      outbox.createIndex("position", "position");
      outbox.createIndex("place", ["status", "position"]);
      made.createObjectStore("revisions");
      made.createObjectStore("packages");
      made.createObjectStore("pictures", { keyPath: "id" }).createIndex("package", "package");
      made.createObjectStore("drafts");
    },
    blocking: (_current, _next, event) => {
      (event.target as IDBDatabase).close(); // another tab has signed out and takes the database away
      store?.close();
    },
  });
  store = new BrowserStore(user, base, await keyOf(base));
  return store;
}

/** The officer's key of this browser, made at the first use. Two tabs at once agree on the one stored first. */
async function keyOf(base: Base): Promise<CryptoKey> {
  const known = await base.get("keys", "main");
  if (known) return known;
  const fresh = await newKey();
  const tx = base.transaction("keys", "readwrite", STRICT);
  const first = await tx.store.get("main");
  if (!first) await tx.store.put(fresh, "main");
  await tx.done;
  return first ?? fresh;
}

class BrowserStore implements Store {
  readonly user: string;
  isClosed = false;
  readonly #base: Base;
  readonly #key: CryptoKey;
  readonly #listeners = new Set<() => void>();
  readonly #channel: BroadcastChannel;

  constructor(user: string, base: Base, key: CryptoKey) {
    [this.user, this.#base, this.#key] = [user, base, key];
    this.#channel = new BroadcastChannel(databaseName(user));
    this.#channel.onmessage = () => this.#tellHere();
  }

  async keep(item: KeyedItem, label: string): Promise<void> {
    const put = async (): Promise<void> => {
      while (!(await this.#put(item, label))); // once, but for two tabs that keep one case in the same moment
    };
    try {
      await put();
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#base.clear("pictures"); // they can be fetched again, what was keyed cannot
      await put();
    }
    this.#changed();
  }

  /** Sealing takes time in which a transaction would end: false when another tab has given the revision meanwhile. */
  async #put(item: KeyedItem, label: string): Promise<boolean> {
    const { client_id } = item;
    const last = (await this.#base.get("revisions", client_id)) ?? 0;
    const revision = Math.max(item.revision, last + 1);
    const kept: Kept = { item: { ...item, revision }, label, status: "pending", problems: [], code: "", text: "" };
    const sealed = await this.#seal(kept);
    const tx = this.#base.transaction(["outbox", "revisions"], "readwrite", STRICT);
    const [outbox, revisions] = [tx.objectStore("outbox"), tx.objectStore("revisions")];
    const isMine = ((await revisions.get(client_id)) ?? 0) === last;
    if (isMine) {
      const position = (await outbox.get(client_id))?.position ?? (await nextPosition(outbox.index("position")));
      await outbox.put({ client_id, position, revision, status: "pending", sealed });
      await revisions.put(revision, client_id);
      if (!last && item.revision === 1) await revisions.put(1, freshName(client_id));
    }
    await tx.done;
    return isMine;
  }

  async kept(): Promise<Kept[]> {
    return this.#opened(await this.#base.getAllFromIndex("outbox", "position"));
  }

  async waiting(limit: number, without: ReadonlySet<string> = new Set()): Promise<KeyedItem[]> {
    const rows = await this.#base.getAllFromIndex("outbox", "place", all("pending"), limit + without.size);
    const first = rows.filter((row) => !without.has(row.client_id)).slice(0, limit);
    return (await this.#opened(first)).map((kept) => kept.item);
  }

  async settle(answers: readonly Answer[]): Promise<void> {
    let changed = false;
    for (const answer of answers) changed = (await this.#settleOne(answer)) || changed;
    if (changed) this.#changed();
  }

  /** Sealing takes time in which a transaction would end, so the row is looked at again inside it. */
  async #settleOne(answer: Answer): Promise<boolean> {
    const seen = await this.#base.get("outbox", answer.client_id);
    if (!seen || seen.revision !== answer.revision) return false;
    const status = statusAfter(answer);
    let next: OutboxRow | undefined;
    if (status) {
      const { problems = [], code = "", text = "" } = answer;
      const [kept] = await this.#opened([seen]);
      if (!kept) return false;
      next = { ...seen, status, sealed: await this.#seal({ ...kept, status, problems, code, text }) };
    }
    const tx = this.#base.transaction(["outbox", "revisions"], "readwrite", STRICT);
    const outbox = tx.objectStore("outbox");
    const now = await outbox.get(answer.client_id);
    const same = now?.revision === answer.revision;
    if (same) await (next ? outbox.put(next) : outbox.delete(answer.client_id));
    if (answer.result !== "refused") await tx.objectStore("revisions").delete(freshName(answer.client_id));
    await tx.done;
    return same;
  }

  async retry(clientId: string): Promise<void> {
    const kept = (await this.kept()).find((one) => one.item.client_id === clientId);
    if (kept) await this.keep(kept.item, kept.label);
  }

  async drop(clientId: string): Promise<void> {
    const tx = this.#base.transaction(["outbox", "revisions"], "readwrite", STRICT);
    await tx.objectStore("outbox").delete(clientId);
    await tx.objectStore("revisions").delete(freshName(clientId));
    await tx.done;
    this.#changed();
  }

  async packages(): Promise<PackageHead[]> {
    const ids = await this.#base.getAllKeys("packages");
    const found = await Promise.all(ids.map((id) => this.package(id)));
    return found.flatMap((data) => (data ? [data.package] : []));
  }

  async package(id: string): Promise<PackageData | undefined> {
    return this.#read<PackageData>("packages", id);
  }

  load(url: string, onProgress: Progress): Promise<PackageData> {
    return loadPackage(url, onProgress, {
      put: async (data) => {
        const id = data.package.id;
        heard(this.user, data.today);
        await this.#base.put("packages", await sealJson(this.#key, place("packages", id), data), id);
        this.#changed();
      },
      has: async (itemId, bytes) => {
        const row = await this.#base.get("pictures", itemId);
        return row !== undefined && (!bytes || row.bytes === bytes);
      },
      putPicture: async (id, owner, type, bytes) => {
        // the type stands before the bytes, so that all of it is sealed
        const whole = new Blob([`${type}\n`, bytes]);
        const sealed = await seal(this.#key, place("pictures", id), await whole.arrayBuffer());
        await this.#base.put("pictures", { id, package: owner, bytes: bytes.byteLength, sealed });
      },
    });
  }

  async picture(itemId: string): Promise<Blob | undefined> {
    const row = await this.#base.get("pictures", itemId);
    if (!row) return undefined;
    const bytes = new Uint8Array(await open(this.#key, place("pictures", itemId), row.sealed));
    const end = bytes.indexOf(10);
    return new Blob([bytes.subarray(end + 1)], { type: new TextDecoder().decode(bytes.subarray(0, end)) });
  }

  async forget(packageId: string): Promise<void> {
    const tx = this.#base.transaction(["packages", "pictures", "drafts"], "readwrite");
    const pictures = await tx.objectStore("pictures").index("package").getAllKeys(packageId);
    for (const id of pictures) await tx.objectStore("pictures").delete(id);
    await tx.objectStore("packages").delete(packageId);
    await tx.objectStore("drafts").delete(packageId);
    await tx.done;
    this.#changed();
  }

  draft(packageId: string): Promise<Draft | undefined> {
    return this.#read<Draft>("drafts", packageId);
  }

  async saveDraft(packageId: string, draft: Draft | undefined): Promise<void> {
    if (draft === undefined) return this.#base.delete("drafts", packageId);
    await this.#base.put("drafts", await sealJson(this.#key, place("drafts", packageId), draft), packageId);
  }

  async counts(): Promise<Counts> {
    const index = this.#base.transaction("outbox").store.index("place");
    const [pending, returned, refused] = await Promise.all([
      index.count(all("pending")),
      index.count(all("returned")),
      index.count(all("refused")),
    ]);
    return { pending, returned, refused };
  }

  fresh(): Promise<number> {
    return this.#base.count("revisions", IDBKeyRange.bound(freshName(""), freshName("\uffff")));
  }

  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  async left(): Promise<Left> {
    return { ...(await this.counts()), drafts: await this.#base.count("drafts") };
  }

  async leave(): Promise<Left> {
    const left = await this.left();
    if (isWork(left)) {
      // packages and pictures can be fetched again, so they need not lie here meanwhile
      const tx = this.#base.transaction(["packages", "pictures"], "readwrite");
      await Promise.all([tx.objectStore("packages").clear(), tx.objectStore("pictures").clear()]);
      await tx.done;
    }
    if (isWork(left)) this.#changed();
    this.close();
    if (!isWork(left)) await deleteDB(databaseName(this.user));
    return left;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#listeners.clear();
    this.#channel.close();
    this.#base.close();
  }

  async #read<T>(table: "packages" | "drafts", key: string): Promise<T | undefined> {
    const sealed = await this.#base.get(table, key);
    return sealed && openJson<T>(this.#key, place(table, key), sealed);
  }

  #seal(kept: Kept): Promise<Sealed> {
    return sealJson(this.#key, place("outbox", kept.item.client_id), kept);
  }

  /** A row that no longer opens (a damaged disk) holds up no other; `counts` goes on counting it. */
  async #opened(rows: OutboxRow[]): Promise<Kept[]> {
    const read = rows.map((row) => openJson<Kept>(this.#key, place("outbox", row.client_id), row.sealed));
    return (await Promise.allSettled(read)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }

  #changed(): void {
    if (this.isClosed) return;
    this.#channel.postMessage("changed");
    this.#tellHere();
  }

  #tellHere(): void {
    for (const fn of this.#listeners) fn();
  }
}

/** Items that exist nowhere but in this browser. A returned one also lies on the server. */
export const onlyHere = (counts: Counts): number => counts.pending + counts.refused;
const isWork = (left: Left): boolean => onlyHere(left) > 0 || left.drafts > 0;

/** Whoever signs in next on a shared PC clears what others have left there, except work that still waits to be sent. */
export async function clearAfterOthers(user: string): Promise<void> {
  const prefix = databaseName("");
  for (const { name = "" } of (await indexedDB.databases?.()) ?? []) {
    if (!name.startsWith(prefix) || name === databaseName(user)) continue;
    await (await openStore(name.slice(prefix.length))).leave();
  }
}

/** What becomes of an item: undefined when it is done. A second answer to a returned one says duplicate with problems. */
function statusAfter(answer: Answer): Status | undefined {
  if (answer.result === "refused") return "refused";
  if (answer.result === "returned" || (answer.result === "duplicate" && answer.problems?.length)) return "returned";
  return undefined;
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

const all = (status: Status): IDBKeyRange => IDBKeyRange.bound([status, 0], [status, Infinity]);

interface Positions {
  openCursor(query: null, direction: "prev"): Promise<{ key: number } | null>;
}
async function nextPosition(index: Positions): Promise<number> {
  return ((await index.openCursor(null, "prev"))?.key ?? 0) + 1;
}
