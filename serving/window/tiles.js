// The picture of an item, or a tile with its first letter in the colour of its category.

import { h } from "./dom.js";
import { nameOf } from "./words.js";

export function tile(item, size = "") {
  const name = nameOf(item);
  const element = h(
    "span",
    { class: `tile ${size}`, "aria-hidden": "true" },
    item.title ? ([...name.trim()][0]?.toUpperCase() ?? "·") : "#",
  );
  element.style.setProperty("--hue", String(hue(item.category ?? item.brand ?? item.item_id)));
  if (item.image) {
    const picture = h("img", {
      src: item.image,
      alt: "",
      loading: "lazy",
      decoding: "async",
      on: { error: () => picture.remove() },
    });
    element.append(picture);
  }
  return element;
}

/** An angle on the circle of colours that is the same for the same text. */
function hue(text) {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 3600;
  return (sum * 137) % 360;
}
