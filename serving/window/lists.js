// The lists of the models side by side: who served what and how fast, and what has moved since the answer before.

import { itemsById, Refused } from "./api.js";
import { cut, h, icon } from "./dom.js";
import { cleared } from "./filters.js";
import { asked, called, choices, modelOf, TOGETHER } from "./questions.js";
import { change, conditions, LISTS_AT_MOST, state } from "./state.js";
import { tile } from "./tiles.js";
import { factsOf, milliseconds, nameOf, score } from "./words.js";

const KEYS = ["a", "b", "c"];
const facts = new Map(); // what is known of items, by id
const answers = new Map(); // the answer that each list shows, by its place
let shop, place, open, add, last;
let running = null;

/** Begin: where lists go, what opens an item, what adds an event, and what the last item is. */
export function begin(options) {
  ({ shop, place, open, add, last } = options);
}

/** What is known of an item. */
export const known = (id) => facts.get(id) ?? { item_id: id, title: null, price: null };

/** Read what is known of items; those that were read already are read again with `fresh`. */
export async function learn(ids, signal, fresh = false) {
  const wanted = [...new Set(ids)].filter((id) => fresh || !facts.has(id));
  if (wanted.length) for (const item of await itemsById(wanted, signal)) facts.set(item.item_id, item);
}

/** Ask anew for every list. With `compares` each item says how it moved. Answers whether anything moved. */
export async function refresh(compares) {
  running?.abort();
  const mine = (running = new AbortController());
  place.setAttribute("aria-busy", "true");
  const found = await Promise.all(state.lists.map((list) => askedSafely(list, mine.signal)));
  if (mine.signal.aborted) return false;
  try {
    await learn(found.flatMap(({ answer }) => answer?.data.items.map((item) => item.item_id) ?? []), mine.signal, true);
  } catch (error) {
    if (error.name === "AbortError") return false;
    throw error;
  }
  if (mine.signal.aborted) return false;
  const before = new Map(answers);
  answers.clear();
  found.forEach((one, number) => answers.set(number, { ...one, list: state.lists[number] }));
  const moved = draw(compares ? before : new Map());
  place.setAttribute("aria-busy", "false");
  return moved;
}

async function askedSafely(list, signal) {
  try {
    return { answer: await asked(list, last(), signal) };
  } catch (error) {
    if (error.name === "AbortError") return {};
    if (!(error instanceof Refused)) console.error(error);
    return { error: error.message };
  }
}

function draw(before) {
  const ranks = state.lists.map((_, number) => ranksOf(answers.get(number)));
  let moved = false;
  const columns = state.lists.map((list, number) => {
    const former = before.get(number)?.list === list ? before.get(number) : undefined;
    const old = former?.answer ? ranksOf(former) : null;
    if (old && answers.get(number).answer) moved ||= differs(old, ranks[number]);
    return column(list, number, ranks, old);
  });
  place.dataset.lists = String(columns.length);
  const held = document.activeElement?.closest?.("[data-hold]")?.dataset.hold;
  const scrolled = place.scrollLeft;
  place.replaceChildren(...columns, ...(columns.length < LISTS_AT_MOST && choices(shop).length > columns.length ? [another()] : []));
  place.scrollLeft = scrolled;
  if (held) [...place.querySelectorAll("[data-hold]")].find((element) => element.dataset.hold === held)?.focus({ preventScroll: true });
  return moved;
}

const ranksOf = (one) => new Map((one?.answer?.data.items ?? []).map((item) => [item.item_id, item.rank]));
const differs = (one, other) => one.size !== other.size || [...one].some(([id, rank]) => other.get(id) !== rank);

function column(list, number, ranks, old) {
  const { answer, error } = answers.get(number);
  const data = answer?.data;
  const about = shop.models.find((model) => model.name === list)?.about ?? "";
  const select = h("select", { "aria-label": `List ${KEYS[number].toUpperCase()}`, title: about, data: { hold: `list-${number}` }, on: { change: (event) => replace(number, event.target.value) } },
    choices(shop).map((choice) => h("option", { value: choice, selected: choice === list }, called(choice))));
  const head = h("header", { class: "column-head" },
    h("span", { class: "letter", "aria-hidden": "true" }, KEYS[number].toUpperCase()), select,
    state.lists.length > 1 ? h("button", { type: "button", class: "bare", "aria-label": `Remove the list ${called(list)}`, on: { click: () => remove(number) } }, icon("close")) : null,
    h("p", { class: "by", data: { part: "by" } }, data?.items.length ? by(data) : about),
    h("p", { class: "took", data: { part: "took" } }, answer?.ms ? took(answer) : ""),
    data?.version ? h("p", { class: "version", data: { part: "version" }, title: data.version }, `version ${data.version}`) : null);
  let body;
  if (error) body = h("p", { class: "empty problem" }, error);
  else if (!data?.items.length) body = empty(list, data);
  else {
    const best = new Map();
    for (const item of data.items) best.set(item.served_by, Math.max(best.get(item.served_by) ?? 0, item.score));
    body = h("ol", { class: "cards" }, data.items.map((item) => card(item, list, number, ranks, old, best.get(item.served_by), data)));
  }
  return h("section", { class: `column ${KEYS[number]}`, "aria-label": called(list), data: { list } }, head, body);
}

/** Who served the items of a list: "walk 9 · trending 3", and the version of the model. */
function by(data) {
  const counts = new Map();
  for (const item of data.items) counts.set(item.served_by, (counts.get(item.served_by) ?? 0) + 1);
  const words = [...counts].map(([name, count]) => h("b", { class: name === data.model ? "" : "other" }, counts.size > 1 ? `${name} ${count}` : name));
  return h("span", { title: [...counts].map(([name, count]) => `${name} ${count}`).join(", ") }, "by ", words.flatMap((word, place) => (place ? [" · ", word] : [word])));
}

const took = ({ ms, server }) => h("span", { title: "From the question to the whole answer in this browser" },
  server === null ? milliseconds(ms) : [h("b", {}, milliseconds(server)), ` at the server, ${milliseconds(ms)} to here`]);

function empty(list, data) {
  if (data?.wants) return h("p", { class: "empty" }, "View an item first: this list holds what occurs in the same sessions.");
  const clear = conditions() ? h("button", { type: "button", class: "second", on: { click: cleared } }, "Clear the filters") : null;
  const words = conditions() ? "No item passes the filters." : shop.items ? (list === TOGETHER ? "Nothing occurs in the same sessions as the last item." : "There is nothing left to show: everything was seen already.") : "The shop has no items yet.";
  return h("div", { class: "empty" }, h("p", {}, words), clear);
}

function card(item, list, number, ranks, old, best, data) {
  const about = known(item.item_id);
  const name = nameOf(about);
  const others = ranks.flatMap((rank, other) => (other !== number && rank.has(item.item_id) ? [[other, rank.get(item.item_id)]] : []));
  const share = best > 0 ? Math.max(0.03, item.score / best) : 0;
  const bar = h("span", { class: "bar" });
  bar.style.setProperty("--share", String(Math.min(1, share)));
  const was = old?.get(item.item_id);
  return h("li", { class: "card", data: { item: item.item_id } },
    h("button", { type: "button", class: "card-main", "aria-haspopup": "dialog", data: { hold: `${number} ${item.item_id}` }, on: { click: () => open(item.item_id, modelOf(list), data.recommendation_id), mouseenter: () => light(item.item_id, true), mouseleave: () => light(item.item_id, false) } },
      h("span", { class: "rank" }, String(item.rank)),
      tile(about),
      h("span", { class: "card-text" },
        h("span", { class: "title" }, name, about.available === false ? h("span", { class: "gone" }, "sold out") : null),
        h("span", { class: "facts" }, factsOf(about).join(" · ") || `id ${cut(item.item_id, 24)}`),
        h("span", { class: "reason" }, item.reason ?? "")),
      h("span", { class: "card-foot" }, bar, h("span", { class: "score", title: "score" }, score(item.score)),
        item.served_by !== data.model || data.model === null ? h("span", { class: "served" }, item.served_by) : null,
        others.map(([other, rank]) => h("span", { class: `also ${KEYS[other]}`, title: `also in ${called(state.lists[other])}, at ${rank}` }, h("span", { class: "unseen" }, "also in "), `${KEYS[other].toUpperCase()}${rank}`)),
        old === null ? null : movement(was, item.rank))),
    h("button", { type: "button", class: "add", "aria-label": `${name}: viewed`, title: "Viewed", data: { hold: `add ${number} ${item.item_id}` }, on: { click: () => add(item.item_id, "view", data.recommendation_id) } }, icon("view")));
}

function movement(was, rank) {
  if (was === undefined) return h("span", { class: "moved new" }, "new");
  if (was === rank) return null;
  const up = was > rank;
  return h("span", { class: `moved ${up ? "up" : "down"}` }, h("span", { "aria-hidden": "true" }, up ? "▲" : "▼"), h("span", { class: "unseen" }, up ? "up by " : "down by "), String(Math.abs(was - rank)));
}

/** Show where else an item stands while the pointer is on it. */
function light(id, yes) {
  for (const element of place.querySelectorAll(".card")) if (element.dataset.item === id) element.classList.toggle("lit", yes);
}

function another() {
  const left = choices(shop).filter((choice) => !state.lists.includes(choice));
  const select = h("select", { "aria-label": "Add a list", on: { change: (event) => event.target.value && change({ lists: [...state.lists, event.target.value] }, "lists") } },
    h("option", { value: "" }, "+ Add a list"), left.map((choice) => h("option", { value: choice }, called(choice))));
  return h("div", { class: "another" }, select);
}

const replace = (number, list) => change({ lists: state.lists.map((one, place) => (place === number ? list : one)) }, "lists");
const remove = (number) => change({ lists: state.lists.filter((_, place) => place !== number) }, "lists");
