// For the fault tests: the product's own store, reached from a page of the product. Never part of a build.
import { openStore, type KeyedItem } from "../../src/hotich/keying/ts/parts/store";

export async function seed(user: string, items: KeyedItem[]): Promise<number> {
  const store = await openStore(user);
  for (const item of items) await store.keep(item, `${item.values["registration_number"]} – ${item.values["child_full_name"]}`);
  return (await store.counts()).pending;
}

export async function kept(user: string): Promise<unknown[]> {
  return (await openStore(user)).kept();
}
