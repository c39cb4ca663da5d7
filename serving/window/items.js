// What is known of items, read once for all lists and read again when they are asked for anew.

import { itemsById } from "./api.js";

const facts = new Map();

/** What is known of an item. */
export const known = (id) => facts.get(id) ?? { item_id: id, title: null, price: null };

/** Read what is known of items; those that were read already are read again with `fresh`. */
export async function learn(ids, signal, fresh = false) {
  const wanted = [...new Set(ids)].filter((id) => fresh || !facts.has(id));
  if (wanted.length) for (const item of await itemsById(wanted, signal)) facts.set(item.item_id, item);
}
