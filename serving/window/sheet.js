// One item: why it is shown, what who asks may do with it, and what the shop may change of it.

import { call } from "./api.js";
import { byId, cut, fill, h, icon, say } from "./dom.js";
import { drawWhy } from "./drawing.js";
import { known, learn } from "./lists.js";
import { ACTIONS, promote } from "./promotions.js";
import { explained } from "./questions.js";
import { happened } from "./who.js";
import { state } from "./state.js";
import { tile } from "./tiles.js";
import { counted, factsOf, nameOf, percent, score } from "./words.js";

const PARTS = {
  sum: "Parts that add up to the score",
  influence: "What the score would lose without each item",
  paths: "Paths in the graph that carry the score",
  none: "Parts of the score",
};
const KINDS = { bought: "bought before", clicked: "looked at, not bought", rule: "rule", neighbour: "customers alike", category: "category", popular: "popular" };
const SHOWN = 8;
const dialog = byId("sheet");
let shop, changed, past;
let running = null;
let opened = null;

/** Begin: the shop, what is told when the shop was changed, and what was done with each item. */
export function begin(options) {
  ({ shop, changed, past } = options);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => { running?.abort(); opened = null; });
}

/** Show an item; `model` is the one whose list it was in, `recommendation` the id of that list. */
export async function openItem(id, model, recommendation) {
  opened = { id, model: model ?? shop.default ?? undefined, recommendation };
  fill(dialog, h("p", { class: "waiting" }, "…"));
  if (!dialog.open) dialog.showModal();
  await show();
}

/** Draw what is open anew, where something is. */
export const refreshSheet = () => opened && show();

async function show() {
  running?.abort();
  const mine = (running = new AbortController());
  const { id, model } = opened;
  try {
    const { data } = await explained(id, model, mine.signal);
    await learn([id, ...data.parts.map((part) => part.behind), ...data.paths.map((path) => path.item_id), ...data.alike.map((one) => one.item_id)], mine.signal);
    await learn([id], mine.signal, true);
    if (opened?.id === id) draw(data);
  } catch (error) {
    if (error.name === "AbortError") return;
    fill(dialog, head(known(id)), h("p", { class: "empty problem" }, error.message));
  }
}

function draw(data) {
  const item = known(opened.id);
  const held = document.activeElement?.dataset?.hold;
  const scrolled = dialog.querySelector(".sheet-body")?.scrollTop ?? 0;
  const who = state.user === null ? "This session" : `User ${cut(state.user, 18)}`;
  const width = Math.min(dialog.clientWidth, 860) - 48;
  const facts = shop.models.find((model) => model.name === opened.model);
  fill(dialog,
    head(item),
    h("div", { class: "sheet-body" },
      h("section", { class: "do", "aria-label": "What who asks does" }, ["view", "cart", "buy"].map((event) => act(event, item))),
      h("section", { "aria-label": "Why" },
        h("div", { class: "between" }, h("h3", {}, "Why this item"), models()),
        drawWhy({ explanation: data, who, known, dids: past(), width })),
      h("section", { "aria-label": "Parts of the score" }, h("h3", {}, PARTS[facts?.explains ?? "none"]), facts ? h("p", { class: "hint" }, facts.about) : null, bars(data, facts)),
      attributes(item),
      h("section", { class: "shop", "aria-label": "What the shop changes" }, h("h3", {}, "Change the shop"), h("p", { class: "hint" }, "For everybody, at once: lists follow as soon as the answer is there, promotions within some seconds."), changes(item)),
    ),
  );
  dialog.querySelector(".sheet-body").scrollTop = scrolled;
  if (held) [...dialog.querySelectorAll("[data-hold]")].find((element) => element.dataset.hold === held)?.focus();
}

function head(item) {
  return h("header", { class: "sheet-head" }, tile(item, "large"),
    h("div", {}, h("h2", { id: "sheet-title" }, nameOf(item)), h("p", { class: "facts" }, [`id ${cut(item.item_id, 40)}`, ...factsOf(item), item.popularity === undefined ? "" : counted(item.popularity, "event"), item.available === false ? "sold out" : ""].filter(Boolean).join(" · "))),
    h("button", { type: "button", class: "bare", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close")));
}

function act(event, item) {
  const words = { view: "Viewed", cart: "Into the cart", buy: "Bought" }[event];
  return h("button", { type: "button", class: "first", data: { hold: event }, on: { click: () => happened(item.item_id, event, opened.recommendation) } }, icon(event), words);
}

function models() {
  if (shop.models.length < 2) return null;
  return h("select", { "aria-label": "Explained by", data: { hold: "model" }, on: { change: (event) => { opened.model = event.target.value; show(); } } }, shop.models.map((model) => h("option", { value: model.name, selected: model.name === opened.model }, model.name)));
}

function bars(data, facts) {
  if (!data.parts.length) {
    const words = !facts ? "No model is trained: what is shown comes from the fallbacks." : facts.explains === "none" ? `${facts.name} does not rank by what went before.` : `${facts.name} finds nothing in the history that speaks for this item.`;
    return h("p", { class: "empty" }, words);
  }
  const most = Math.max(...data.parts.map((part) => Math.abs(part.amount)));
  const rows = data.parts.slice(0, SHOWN).map((part) => {
    const bar = h("span", { class: `amount ${part.amount < 0 ? "against" : ""}` });
    bar.style.setProperty("--share", String(most ? Math.abs(part.amount) / most : 0));
    return h("li", {}, h("span", { class: "behind" }, named(part)), h("span", { class: "track", "aria-hidden": "true" }, bar), h("span", { class: "share" }, percent(part.share)), h("span", { class: "score", title: "amount" }, score(part.amount)));
  });
  const rest = data.parts.slice(SHOWN);
  return [h("ol", { class: "bars" }, rows), rest.length ? h("p", { class: "hint" }, `and ${rest.length} more, together ${percent(rest.reduce((sum, part) => sum + part.share, 0))}`) : ""];
}

function named(part) {
  const item = known(part.behind);
  const kind = KINDS[part.kind];
  if (item.popularity !== undefined && part.kind !== "category") return kind ? `${kind}: ${nameOf(item)}` : nameOf(item);
  return `${kind ?? part.kind}: ${cut(part.behind, 80)}`;
}

function attributes(item) {
  const some = Object.entries(item.attributes ?? {});
  if (!some.length) return null;
  return h("section", { "aria-label": "Attributes" }, h("h3", {}, "Attributes"), h("dl", { class: "attributes" }, some.map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])));
}

function changes(item) {
  const sold = item.available === false;
  const amount = h("input", { type: "number", min: "0", step: "any", inputmode: "decimal", "aria-label": "Price", value: item.price ?? "", placeholder: "no price" });
  return h("div", { class: "changes" },
    h("button", { type: "button", class: "second", data: { hold: "sold" }, on: { click: () => patch({ available: sold }, sold ? "Available again." : "Sold out: no list shows it any more.") } }, sold ? "Make available" : "Sold out"),
    h("form", { class: "price", on: { submit: (event) => { event.preventDefault(); patch({ price: amount.value === "" ? null : Number(amount.value) }, "The price is changed."); } } }, amount, h("button", { class: "second", data: { hold: "price" } }, "Set price")),
    Object.entries(ACTIONS).map(([action, words]) => h("button", { type: "button", class: "second", data: { hold: action }, on: { click: () => promote(action, "items", item.item_id) } }, words)));
}

async function patch(change, words) {
  try {
    const { data } = await call("PATCH", "/v1/items", { body: [{ item_id: opened.id, ...change }] });
    say(data.rejected.length ? data.rejected[0].reason : words);
    await changed();
  } catch (error) {
    say(error.message);
  }
}
