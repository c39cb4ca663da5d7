// One item: why it is shown, what who asks may do with it, and what the shop may change of it.

import { changes } from "./changes.js";
import { byId, cut, fill, h, icon } from "./dom.js";
import { drawWhy } from "./drawing.js";
import { known, learn } from "./items.js";
import { explained } from "./questions.js";
import { bars, heading } from "./scores.js";
import { happened } from "./who.js";
import { state } from "./state.js";
import { tile } from "./tiles.js";
import { counted, factsOf, nameOf } from "./words.js";

const dialog = byId("sheet");
let shop, changed, past;
let running = null;
let opened = null;

/** Begin: the shop, what is told when the shop was changed, and what was done with each item. */
export function begin(options) {
  ({ shop, changed, past } = options);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    running?.abort();
    opened = null;
  });
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
    await learn(
      [
        id,
        ...data.parts.map((part) => part.behind),
        ...data.paths.map((path) => path.item_id),
        ...data.alike.map((one) => one.item_id),
      ],
      mine.signal,
    );
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
  fill(
    dialog,
    head(item),
    h(
      "div",
      { class: "sheet-body" },
      h(
        "section",
        { class: "do", "aria-label": "What who asks does" },
        ["view", "cart", "buy"].map((event) => act(event, item)),
      ),
      h(
        "section",
        { "aria-label": "Why" },
        h("div", { class: "between" }, h("h3", {}, "Why this item"), models()),
        drawWhy({ explanation: data, who, known, dids: past(), width }),
      ),
      h(
        "section",
        { "aria-label": "Parts of the score" },
        h("h3", {}, heading(facts)),
        facts ? h("p", { class: "hint" }, facts.about) : null,
        bars(data, facts),
      ),
      attributes(item),
      h(
        "section",
        { class: "shop", "aria-label": "What the shop changes" },
        h("h3", {}, "Change the shop"),
        h(
          "p",
          { class: "hint" },
          "For everybody, at once: lists follow as soon as the answer is there, promotions within some seconds.",
        ),
        changes(item, changed),
      ),
    ),
  );
  dialog.querySelector(".sheet-body").scrollTop = scrolled;
  if (held) [...dialog.querySelectorAll("[data-hold]")].find((element) => element.dataset.hold === held)?.focus();
}

function head(item) {
  return h(
    "header",
    { class: "sheet-head" },
    tile(item, "large"),
    h(
      "div",
      {},
      h("h2", { id: "sheet-title" }, nameOf(item)),
      h(
        "p",
        { class: "facts" },
        [
          `id ${cut(item.item_id, 40)}`,
          ...factsOf(item),
          item.popularity === undefined ? "" : counted(item.popularity, "event"),
          item.available === false ? "sold out" : "",
        ]
          .filter(Boolean)
          .join(" · "),
      ),
    ),
    h(
      "button",
      { type: "button", class: "bare", "aria-label": "Close", on: { click: () => dialog.close() } },
      icon("close"),
    ),
  );
}

function act(event, item) {
  const words = { view: "Viewed", cart: "Into the cart", buy: "Bought" }[event];
  return h(
    "button",
    {
      type: "button",
      class: "first",
      data: { hold: event },
      on: { click: () => happened(item.item_id, event, opened.recommendation) },
    },
    icon(event),
    words,
  );
}

function models() {
  if (shop.models.length < 2) return null;
  return h(
    "select",
    {
      "aria-label": "Explained by",
      data: { hold: "model" },
      on: {
        change: (event) => {
          opened.model = event.target.value;
          show();
        },
      },
    },
    shop.models.map((model) => h("option", { value: model.name, selected: model.name === opened.model }, model.name)),
  );
}

function attributes(item) {
  const some = Object.entries(item.attributes ?? {});
  if (!some.length) return null;
  return h(
    "section",
    { "aria-label": "Attributes" },
    h("h3", {}, "Attributes"),
    h(
      "dl",
      { class: "attributes" },
      some.map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]),
    ),
  );
}
