// Files out of whatever was dropped or chosen: single files, whole folders, folders in folders.

/** Everything that was dropped, folders opened; in the order of the names, as scanners number them. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  // the entries must be asked for before the first await: the list is empty afterwards
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return inOrder([...transfer.files]);
  const found: File[] = [];
  for (const entry of entries) found.push(...(await open(entry)));
  return inOrder(found);
}

async function open(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    return [await new Promise<File>((done, failed) => file.file(done, failed))].filter(isWanted);
  }
  const found: File[] = [];
  for (const inside of await list((entry as FileSystemDirectoryEntry).createReader())) found.push(...(await open(inside)));
  return found;
}

/** A reader gives at most a hundred entries at a time, and nothing when it is at the end. */
async function list(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return found;
    found.push(...some);
  }
}

/** What systems leave in folders is no page. */
function isWanted(file: File): boolean {
  return !/^(\.|thumbs\.db$|desktop\.ini$)/i.test(file.name);
}

/** 2 before 10, as people number. */
export function inOrder(files: File[]): File[] {
  const path = (file: File): string => file.webkitRelativePath || file.name;
  return files.filter(isWanted).sort((one, other) => path(one).localeCompare(path(other), "vi", { numeric: true }));
}

/** SHA-256 as hex; "" where the browser offers none (an address without https). */
export async function hashOf(file: File): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
