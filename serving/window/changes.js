// What the shop may change of an item: whether it is there, its price, and how lists treat it.

import { call } from "./api.js";
import { h, say } from "./dom.js";
import { ACTIONS, promote } from "./promotions.js";

/** The buttons for an item; `changed` is told when the shop has taken a change. */
export function changes(item, changed) {
  const patch = (change, words) => patched({ item_id: item.item_id, ...change }, words, changed);
  const sold = item.available === false;
  const amount = h("input", {
    type: "number",
    min: "0",
    step: "any",
    inputmode: "decimal",
    "aria-label": "Price",
    value: item.price ?? "",
    placeholder: "no price",
  });
  return h(
    "div",
    { class: "changes" },
    h(
      "button",
      {
        type: "button",
        class: "second",
        data: { hold: "sold" },
        on: {
          click: () => patch({ available: sold }, sold ? "Available again." : "Sold out: no list shows it any more."),
        },
      },
      sold ? "Make available" : "Sold out",
    ),
    h(
      "form",
      {
        class: "price",
        on: {
          submit: (event) => {
            event.preventDefault();
            patch({ price: amount.value === "" ? null : Number(amount.value) }, "The price is changed.");
          },
        },
      },
      amount,
      h("button", { class: "second", data: { hold: "price" } }, "Set price"),
    ),
    Object.entries(ACTIONS).map(([action, words]) =>
      h(
        "button",
        {
          type: "button",
          class: "second",
          data: { hold: action },
          on: { click: () => promote(action, "items", item.item_id) },
        },
        words,
      ),
    ),
  );
}

async function patched(change, words, changed) {
  try {
    const { data } = await call("PATCH", "/v1/items", { body: [change] });
    say(data.rejected.length ? data.rejected[0].reason : words);
    await changed();
  } catch (error) {
    say(error.message);
  }
}
