// The parts of a score as bars, whatever kind of explanation a model has.

import { cut, h } from "./dom.js";
import { known } from "./items.js";
import { nameOf, percent, score } from "./words.js";

const PARTS = {
  sum: "Parts that add up to the score",
  influence: "What the score would lose without each item",
  none: "Parts of the score",
};
const KINDS = {
  bought: "bought before",
  clicked: "looked at, not bought",
  rule: "rule",
  neighbour: "customers alike",
  category: "category",
  popular: "popular",
};
const SHOWN = 8;

/** What the bars of a model say. */
export const heading = (model) => PARTS[model?.explains ?? "none"];

/** The largest parts of an explanation; a sentence where there is none. */
export function bars(data, model) {
  if (!data.parts.length) {
    const words = !model
      ? "No model is served: what is shown comes from the fallbacks."
      : model.explains === "none"
        ? `${model.name} does not rank by what went before.`
        : model.explains === "influence"
          ? "The score stays the same whichever item of the history is left out."
          : `${model.name} finds nothing in the history that speaks for this item.`;
    return h("p", { class: "empty" }, words);
  }
  const most = Math.max(...data.parts.map((part) => Math.abs(part.amount)));
  const rows = data.parts.slice(0, SHOWN).map((part) => {
    const bar = h("span", { class: `amount ${part.amount < 0 ? "against" : ""}` });
    bar.style.setProperty("--share", String(most ? Math.abs(part.amount) / most : 0));
    return h(
      "li",
      {},
      h("span", { class: "behind" }, named(part)),
      h("span", { class: "track", "aria-hidden": "true" }, bar),
      h("span", { class: "share" }, percent(part.share)),
      h("span", { class: "score", title: "amount" }, score(part.amount)),
    );
  });
  const rest = data.parts.slice(SHOWN);
  return [
    h("ol", { class: "bars" }, rows),
    rest.length
      ? h(
          "p",
          { class: "hint" },
          `and ${rest.length} more, together ${percent(rest.reduce((sum, part) => sum + part.share, 0))}`,
        )
      : "",
  ];
}

function named(part) {
  const item = known(part.behind);
  const kind = KINDS[part.kind];
  if (item.popularity !== undefined && part.kind !== "category")
    return kind ? `${kind}: ${nameOf(item)}` : nameOf(item);
  return `${kind ?? part.kind}: ${cut(part.behind, 80)}`;
}
