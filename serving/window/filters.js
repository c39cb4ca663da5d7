// The filters of the API as fields; what a shop has nothing of has no field.

import { call } from "./api.js";
import { combobox } from "./combobox.js";
import { byId, field, fill, h } from "./dom.js";
import { change, conditions, state } from "./state.js";
import { counted, price } from "./words.js";

/** Draw the fields. */
export function drawFilters(place, shop) {
  const set = (name, value) => {
    const filters = { ...state.filters };
    if (value === undefined || value === null || value === "") delete filters[name];
    else filters[name] = value;
    change({ filters }, "filters");
  };
  const named = (name, label, path) =>
    combobox({
      label,
      placeholder: "Any",
      keeps: true,
      value: state.filters[name] ?? "",
      find: (text, signal) => names(path, text, signal),
      pick: (option) => set(name, option?.value),
    }).element;
  const amount = (name, label, hint) => {
    const input = h("input", {
      type: "number",
      min: "0",
      step: "any",
      inputmode: "decimal",
      placeholder: hint,
      value: state.filters[name] ?? "",
      on: { input: later(() => input.validity.valid && set(name, input.value === "" ? null : Number(input.value))) },
    });
    return field(label, input);
  };
  const tick = (name, label) =>
    h(
      "label",
      { class: "tick" },
      h("input", {
        type: "checkbox",
        checked: state[name],
        on: { change: (event) => change({ [name]: event.target.checked }, "filters") },
      }),
      label,
    );
  const spread = h("input", {
    type: "range",
    min: "0",
    max: "1",
    step: "0.1",
    value: String(state.diversity),
    on: { input: later(() => change({ diversity: Number(spread.value) }, "filters")) },
  });
  const most = h("input", {
    type: "number",
    min: "1",
    max: "1000",
    placeholder: "Any number",
    value: state.per_category ?? "",
    on: {
      input: later(
        () => most.validity.valid && change({ per_category: most.value === "" ? null : Number(most.value) }, "filters"),
      ),
    },
  });
  fill(
    place,
    shop.categories ? named("category", "Category, with all below", "/v1/categories") : "",
    shop.brands ? named("brands", "Brand", "/v1/brands") : "",
    shop.price_max === null
      ? ""
      : h(
          "div",
          { class: "pair" },
          amount("price_min", "Price from", price(shop.price_min)),
          amount("price_max", "to", price(shop.price_max)),
        ),
    tick("unavailable", "Only what is sold out"),
    tick("seen", "Seen items too"),
    h(
      "div",
      { class: "pair" },
      field("Not bought for days", days(set)),
      shop.categories ? field("Most per category", most) : "",
    ),
    field("Diversity", spread),
    h("button", { type: "button", class: "second", on: { click: cleared } }, "Clear"),
  );
  countFilters();
}

/** Take all conditions away. */
export const cleared = () =>
  change({ filters: {}, unavailable: false, seen: false, diversity: 0, per_category: null }, "cleared");

/** Say beside the heading how many conditions hold. */
export function countFilters() {
  byId("filters-on").textContent = conditions() ? String(conditions()) : "";
}

/** Names of categories or brands that hold a text, as options. */
export async function names(path, text, signal) {
  const { data } = await call("GET", path, { query: { holds: text, k: 10 }, signal });
  return data.map((one) => ({
    value: one.name,
    label: one.title ? `${one.title} (${one.name})` : one.name,
    note: counted(one.items, "item"),
  }));
}

function days(set) {
  const input = h("input", {
    type: "number",
    min: "1",
    step: "1",
    placeholder: "Any",
    value: state.filters.not_bought_days ?? "",
    on: {
      input: later(
        () => input.validity.valid && set("not_bought_days", input.value === "" ? null : Number(input.value)),
      ),
    },
  });
  return input;
}

/** The same call once a hand has rested. */
function later(work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, 250);
  };
}
