// What lies in the browser's own database is encrypted: AES-GCM, a key made in this browser for one officer that no
// script can read out, a fresh initialisation vector each time. docs/how-to/key-without-a-line.md says what that
// protects against and what not.

/** An encrypted record as it lies in the database. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const ALGORITHM = "AES-GCM";
const IV_BYTES = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A new key. `extractable` is false: the browser uses it for us, but gives its bytes to nobody. */
export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Encrypts bytes. `place` (store and key of the record) is bound in: a record moved to another place does not open. */
export async function seal(key: CryptoKey, place: string, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const data = await crypto.subtle.encrypt({ name: ALGORITHM, iv, additionalData: encoder.encode(place) }, key, bytes);
  return { iv, data };
}

/** The bytes again. Throws OperationError when key, place or a single bit differs. */
export function open(key: CryptoKey, place: string, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: ALGORITHM, iv, additionalData: encoder.encode(place) }, key, data);
}

export const sealJson = (key: CryptoKey, place: string, value: unknown): Promise<Sealed> =>
  seal(key, place, encoder.encode(JSON.stringify(value)));

export async function openJson<T>(key: CryptoKey, place: string, sealed: Sealed): Promise<T> {
  return JSON.parse(decoder.decode(await open(key, place, sealed))) as T;
}
