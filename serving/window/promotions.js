// Promotions: what the shop lifts, lowers, pins or buries, for everybody, within some seconds.

import { call, inPath } from "./api.js";
import { combobox } from "./combobox.js";
import { byId, cut, field, fill, h, icon, say } from "./dom.js";
import { names } from "./filters.js";
import { known, learn } from "./items.js";
import { nameOf } from "./words.js";

export const ACTIONS = { promote: "Promote", pin: "Pin to the top", demote: "Demote", bury: "Bury" };
const TARGETS = { items: "an item", categories: "a category", brands: "a brand" };
let place, acted, find;

/** Begin: where they are drawn, what is told of a change, and how items are found. */
export function begin(options) {
  ({ place, acted, find } = options);
}

/** Read all promotions and draw them. */
export async function drawPromotions() {
  try {
    const { data } = await call("GET", "/v1/promotions");
    await learn(Object.values(data.promotions).flatMap((one) => one.items ?? []));
    draw(Object.entries(data.promotions), Object.entries(data.wrong), data.unknown);
  } catch (error) {
    fill(
      place,
      h("p", { class: "hint problem" }, error.message),
      h("button", { type: "button", class: "second", on: { click: drawPromotions } }, "Try again"),
    );
  }
}

function draw(promotions, wrong, unknown) {
  byId("promotions-on").textContent = promotions.length ? String(promotions.length) : "";
  const now = Date.now();
  const lines = promotions.map(([id, one]) => {
    const waits = one.since > now ? "from later on" : one.until <= now ? "ended" : "";
    return h(
      "li",
      { data: { promotion: id } },
      h(
        "span",
        {},
        h("b", {}, ACTIONS[one.action]),
        ` ${targets(one)} `,
        waits ? h("small", {}, waits) : "",
        lacking(unknown[id]),
      ),
      h(
        "button",
        {
          type: "button",
          class: "bare",
          "aria-label": `End ${ACTIONS[one.action]} ${targets(one)}`,
          on: { click: () => end(id) },
        },
        icon("close"),
      ),
    );
  });
  const broken = wrong.map(([id, why]) => h("li", { class: "problem" }, `${cut(id, 30)}: ${why}`));
  fill(
    place,
    lines.length || broken.length
      ? h("ul", { class: "rules" }, lines, broken)
      : h("p", { class: "hint" }, "None. A promotion moves items in the lists of everybody."),
    form(),
  );
}

function lacking(names = []) {
  if (!names.length) return "";
  return h("small", { class: "problem" }, ` not in the shop: ${names.map((name) => cut(name, 30)).join(", ")}`);
}

function targets(one) {
  const [kind, some] = ["items", "categories", "brands"]
    .map((name) => [name, one[name] ?? []])
    .find(([, list]) => list.length) ?? ["items", []];
  const words = some
    .slice(0, 2)
    .map((name) => cut(kind === "items" ? nameOf(known(name)) : name, 40))
    .join(", ");
  return `${kind === "items" ? "" : kind === "brands" ? "brand " : "category "}${words}${some.length > 2 ? ` and ${some.length - 2} more` : ""}`;
}

function form() {
  let kind = "items";
  let target = "";
  const action = h(
    "select",
    {},
    Object.entries(ACTIONS).map(([name, words]) => h("option", { value: name }, words)),
  );
  const what = h(
    "select",
    {
      on: {
        change: () => {
          kind = what.value;
          target = "";
          named.replaceWith((named = chooser()));
        },
      },
    },
    Object.entries(TARGETS).map(([name, words]) => h("option", { value: name }, words)),
  );
  const chooser = () =>
    combobox({
      label: "Which",
      placeholder: "Type to find",
      keeps: true,
      find: (text, signal) => (kind === "items" ? find(text, signal) : names(`/v1/${kind}`, text, signal)),
      pick: (option) => (target = option?.value ?? ""),
    }).element;
  let named = chooser();
  const submit = (event) => {
    event.preventDefault();
    if (!target) return say("Choose what is promoted first.");
    if (action.value === "pin" && kind !== "items") return say("Only items can be pinned.");
    promote(action.value, kind, target);
  };
  return h(
    "form",
    { class: "promote", on: { submit } },
    h("div", { class: "pair" }, field("Action", action), field("on", what)),
    named,
    h("button", { class: "second" }, "Add the promotion"),
  );
}

/** Make a promotion and wait until it acts. */
export async function promote(action, kind, target) {
  await doing(
    () =>
      call("PUT", `/v1/promotions/${inPath(`window ${action} ${kind} ${[...target].slice(0, 200).join("")}`)}`, {
        body: { action, [kind]: [target] },
      }),
    "Taken over; the lists follow within some seconds.",
  );
}

const end = (id) =>
  doing(() => call("DELETE", `/v1/promotions/${inPath(id)}`), "Ended; the lists follow within some seconds.");

async function doing(work, words) {
  try {
    await work();
    say(words);
    acted();
    await drawPromotions();
  } catch (error) {
    say(error.message);
  }
}
