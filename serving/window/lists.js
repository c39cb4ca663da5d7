// The lists of the models side by side: who served what and how fast, and what has moved since the answer before.

import { Refused } from "./api.js";
import { card, KEYS } from "./cards.js";
import { h, icon } from "./dom.js";
import { cleared } from "./filters.js";
import { learn } from "./items.js";
import { asked, called, choices, TOGETHER } from "./questions.js";
import { change, conditions, LISTS_AT_MOST, state } from "./state.js";
import { milliseconds } from "./words.js";

const answers = new Map(); // the answer that each list shows, by its place
let shop, place, open, add, last;
let running = null;

/** Begin: where lists go, what opens an item, what adds an event, and what the last item is. */
export function begin(options) {
  ({ shop, place, open, add, last } = options);
}

/** Ask anew for every list. With `compares` each item says how it moved. Answers whether anything moved. */
export async function refresh(compares) {
  running?.abort();
  const mine = (running = new AbortController());
  place.setAttribute("aria-busy", "true");
  const found = await Promise.all(state.lists.map((list) => askedSafely(list, mine.signal)));
  if (mine.signal.aborted) return false;
  try {
    await learn(
      found.flatMap(({ answer }) => answer?.data.items.map((item) => item.item_id) ?? []),
      mine.signal,
      true,
    );
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
  place.replaceChildren(
    ...columns,
    ...(columns.length < LISTS_AT_MOST && choices(shop).length > columns.length ? [another()] : []),
  );
  place.scrollLeft = scrolled;
  if (held)
    [...place.querySelectorAll("[data-hold]")]
      .find((element) => element.dataset.hold === held)
      ?.focus({ preventScroll: true });
  return moved;
}

const ranksOf = (one) => new Map((one?.answer?.data.items ?? []).map((item) => [item.item_id, item.rank]));
const differs = (one, other) => one.size !== other.size || [...one].some(([id, rank]) => other.get(id) !== rank);

function column(list, number, ranks, old) {
  const { answer, error } = answers.get(number);
  const data = answer?.data;
  const about = shop.models.find((model) => model.name === list)?.about ?? "";
  const select = h(
    "select",
    {
      "aria-label": `List ${KEYS[number].toUpperCase()}`,
      title: about,
      data: { hold: `list-${number}` },
      on: { change: (event) => replace(number, event.target.value) },
    },
    choices(shop).map((choice) => h("option", { value: choice, selected: choice === list }, called(choice))),
  );
  const head = h(
    "header",
    { class: "column-head" },
    h("span", { class: "letter", "aria-hidden": "true" }, KEYS[number].toUpperCase()),
    select,
    state.lists.length > 1
      ? h(
          "button",
          {
            type: "button",
            class: "bare",
            "aria-label": `Remove the list ${called(list)}`,
            on: { click: () => remove(number) },
          },
          icon("close"),
        )
      : null,
    h("p", { class: "by", data: { part: "by" } }, data?.items.length ? by(data) : about),
    h("p", { class: "took", data: { part: "took" } }, answer?.ms ? took(answer) : ""),
    data?.version
      ? h("p", { class: "version", data: { part: "version" }, title: data.version }, `version ${data.version}`)
      : null,
  );
  let body;
  if (error) body = h("p", { class: "empty problem" }, error);
  else if (!data?.items.length) body = empty(list, data);
  else {
    const best = new Map();
    for (const item of data.items) best.set(item.served_by, Math.max(best.get(item.served_by) ?? 0, item.score));
    body = h(
      "ol",
      { class: "cards" },
      data.items.map((item) =>
        card({ item, list, number, ranks, old, best: best.get(item.served_by), data, open, add }),
      ),
    );
  }
  return h("section", { class: `column ${KEYS[number]}`, "aria-label": called(list), data: { list } }, head, body);
}

/** Who served the items of a list: "walk 9 · trending 3", and the version of the model. */
function by(data) {
  const counts = new Map();
  for (const item of data.items) counts.set(item.served_by, (counts.get(item.served_by) ?? 0) + 1);
  const words = [...counts].map(([name, count]) =>
    h("b", { class: name === data.model ? "" : "other" }, counts.size > 1 ? `${name} ${count}` : name),
  );
  return h(
    "span",
    { title: [...counts].map(([name, count]) => `${name} ${count}`).join(", ") },
    "by ",
    words.flatMap((word, place) => (place ? [" · ", word] : [word])),
  );
}

const took = ({ ms, server }) =>
  h(
    "span",
    { title: "From the question to the whole answer in this browser" },
    server === null
      ? milliseconds(ms)
      : [h("b", {}, milliseconds(server)), ` at the server, ${milliseconds(ms)} to here`],
  );

function empty(list, data) {
  if (data?.wants)
    return h("p", { class: "empty" }, "View an item first: this list holds what occurs in the same sessions.");
  const clear = conditions()
    ? h("button", { type: "button", class: "second", on: { click: cleared } }, "Clear the filters")
    : null;
  const words = conditions()
    ? "No item passes the filters."
    : shop.items
      ? list === TOGETHER
        ? "Nothing occurs in the same sessions as the last item."
        : "There is nothing left to show: everything was seen already."
      : "The shop has no items yet.";
  return h("div", { class: "empty" }, h("p", {}, words), clear);
}

function another() {
  const left = choices(shop).filter((choice) => !state.lists.includes(choice));
  const select = h(
    "select",
    {
      "aria-label": "Add a list",
      on: { change: (event) => event.target.value && change({ lists: [...state.lists, event.target.value] }, "lists") },
    },
    h("option", { value: "" }, "+ Add a list"),
    left.map((choice) => h("option", { value: choice }, called(choice))),
  );
  return h("div", { class: "another" }, select);
}

const replace = (number, list) =>
  change({ lists: state.lists.map((one, place) => (place === number ? list : one)) }, "lists");
const remove = (number) => change({ lists: state.lists.filter((_, place) => place !== number) }, "lists");
