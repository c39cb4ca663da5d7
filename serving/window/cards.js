// One item of a list: what it is, why it is there, how it scores, where else it stands, and how it moved.

import { cut, h, icon } from "./dom.js";
import { known } from "./items.js";
import { called, modelOf } from "./questions.js";
import { state } from "./state.js";
import { tile } from "./tiles.js";
import { factsOf, nameOf, score } from "./words.js";

/** The letters of the lists, which are their colours too. */
export const KEYS = ["a", "b", "c"];

/** The card of an item at its place in a list: `ranks` are those of all lists, `old` those of this list before. */
export function card({ item, list, number, ranks, old, best, data, open, add }) {
  const about = known(item.item_id);
  const name = nameOf(about);
  const others = ranks.flatMap((rank, other) =>
    other !== number && rank.has(item.item_id) ? [[other, rank.get(item.item_id)]] : [],
  );
  const share = best > 0 ? Math.max(0.03, item.score / best) : 0;
  const bar = h("span", { class: "bar" });
  bar.style.setProperty("--share", String(Math.min(1, share)));
  const was = old?.get(item.item_id);
  return h(
    "li",
    { class: "card", data: { item: item.item_id } },
    h(
      "button",
      {
        type: "button",
        class: "card-main",
        "aria-haspopup": "dialog",
        data: { hold: `${number} ${item.item_id}` },
        on: {
          click: () => open(item.item_id, modelOf(list), data.recommendation_id),
          mouseenter: () => light(item.item_id, true),
          mouseleave: () => light(item.item_id, false),
        },
      },
      h("span", { class: "rank" }, String(item.rank)),
      tile(about),
      h(
        "span",
        { class: "card-text" },
        h(
          "span",
          { class: "title" },
          name,
          about.available === false ? h("span", { class: "gone" }, "sold out") : null,
        ),
        h("span", { class: "facts" }, factsOf(about).join(" · ") || `id ${cut(item.item_id, 24)}`),
        h("span", { class: "reason" }, item.reason ?? ""),
      ),
      h(
        "span",
        { class: "card-foot" },
        bar,
        h("span", { class: "score", title: "score" }, score(item.score)),
        item.served_by !== data.model || data.model === null ? h("span", { class: "served" }, item.served_by) : null,
        others.map(([other, rank]) =>
          h(
            "span",
            { class: `also ${KEYS[other]}`, title: `also in ${called(state.lists[other])}, at ${rank}` },
            h("span", { class: "unseen" }, "also in "),
            `${KEYS[other].toUpperCase()}${rank}`,
          ),
        ),
        old === null ? null : movement(was, item.rank),
      ),
    ),
    h(
      "button",
      {
        type: "button",
        class: "add",
        "aria-label": `${name}: viewed`,
        title: "Viewed",
        data: { hold: `add ${number} ${item.item_id}` },
        on: { click: () => add(item.item_id, "view", data.recommendation_id) },
      },
      icon("view"),
    ),
  );
}

function movement(was, rank) {
  if (was === undefined) return h("span", { class: "moved new" }, "new");
  if (was === rank) return null;
  const up = was > rank;
  return h(
    "span",
    { class: `moved ${up ? "up" : "down"}` },
    h("span", { "aria-hidden": "true" }, up ? "▲" : "▼"),
    h("span", { class: "unseen" }, up ? "up by " : "down by "),
    String(Math.abs(was - rank)),
  );
}

/** Show where else an item stands while the pointer is on it. */
function light(id, yes) {
  for (const element of document.querySelectorAll(".card"))
    if (element.dataset.item === id) element.classList.toggle("lit", yes);
}
