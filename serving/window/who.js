// Who asks, and what happened: a user of the shop with a history, or a visitor whose session is built here.

import { call, inPath } from "./api.js";
import { byId, cut, fill, h, icon, say } from "./dom.js";
import { combobox } from "./combobox.js";
import { recorded } from "./questions.js";
import { change, state } from "./state.js";
import { tile } from "./tiles.js";
import { counted, DONE, nameOf, when } from "./words.js";

const SHOWN = 30;
let past = { total: 0, events: [] };
let problem = "";

/** The item that was met last; undefined where there is none. */
export const lastItem = () => state.events.at(-1)?.item_id ?? past.events[0]?.item_id;

/** Everything that happened, the latest first. */
export const pastEvents = () => [...state.events].reverse().concat(past.events);

/** Draw who asks, with users to choose from. */
export function drawWho(place, { users }) {
  const pick = (option) => {
    if (option) change({ user: option.value, visitor: false, events: [] }, "who");
  };
  const find = async (text, signal) => {
    let known = [];
    try {
      known = (await call("GET", "/v1/users", { query: { starts: text, k: 8 }, signal })).data;
    } catch (error) {
      if (error.status !== 403) throw error; // the key may not list users: ids can be typed all the same
    }
    const options = known.map((user) => ({
      value: user.user_id,
      label: user.user_id,
      note: counted(user.events, "event"),
    }));
    if (text && !known.some((user) => user.user_id === text))
      options.push({ value: text, label: text, note: "as it is typed" });
    return options;
  };
  const chooser = combobox({
    label: "User",
    placeholder: users ? "Type the beginning of an id" : "Any id",
    find,
    pick,
    keeps: true,
    value: state.user ?? "",
  });
  const button = (name, visitor, words) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(state.visitor === visitor),
        on: { click: () => state.visitor !== visitor && turn(visitor) },
      },
      icon(name),
      words,
    );
  fill(
    place,
    h(
      "div",
      { class: "switch", role: "group", "aria-label": "Who asks" },
      button("user", false, "A user"),
      button("view", true, "A visitor"),
    ),
    state.visitor
      ? h(
          "p",
          { class: "hint" },
          "Nobody in particular. Add items to the session by ",
          icon("view"),
          " beside them, or find them by title above.",
        )
      : chooser.element,
  );
}

let before = null; // the user to come back to
function turn(visitor) {
  if (visitor) before = state.user;
  change({ visitor, user: visitor ? null : before, events: [] }, "who");
}

/** Read what the user did. */
export async function readPast(signal) {
  [past, problem] = [{ total: 0, events: [] }, ""];
  const user = state.user === null ? null : inPath(state.user);
  if (user === null) return;
  try {
    past = (await call("GET", `/v1/users/${user}/history`, { query: { k: SHOWN }, signal })).data;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    problem = error.message;
  }
}

/** Draw what happened, the latest first: in this tab, then before. */
export function drawPast(place, { known, open }) {
  const here = state.events.filter(
    (event) =>
      !(
        event.recorded &&
        state.user !== null &&
        past.events.some((one) => one.item_id === event.item_id && one.timestamp === event.timestamp)
      ),
  );
  const rows = [
    ...here
      .map((event) =>
        line(known(event.item_id), event, open, () =>
          change({ events: state.events.filter((one) => one !== event) }, "events"),
        ),
      )
      .reverse(),
    ...past.events.map((event) => line({ ...known(event.item_id), title: event.title }, event, open)),
  ];
  const total = past.total + here.length;
  const record = h("input", {
    type: "checkbox",
    role: "switch",
    checked: state.record,
    on: { change: (event) => change({ record: event.target.checked }, "record") },
  });
  byId("past-name").textContent = state.user === null ? "This session" : "What happened";
  byId("past-count").textContent = total ? counted(total, "event") : "";
  fill(
    place,
    problem ? h("p", { class: "hint problem" }, problem) : null,
    rows.length
      ? h("ol", { class: "past" }, rows)
      : h(
          "p",
          { class: "hint" },
          state.user === null
            ? "Nothing yet: the lists are those of a stranger."
            : "Nothing is known of this user: the lists are those of a stranger.",
        ),
    past.total > past.events.length
      ? h("p", { class: "hint" }, `and ${counted(past.total - past.events.length, "earlier event")}`)
      : "",
    h(
      "label",
      { class: "record" },
      record,
      h(
        "span",
        {},
        h("b", {}, "Record events in the shop"),
        h("small", {}, state.record ? "What you do here goes into the shop's data." : "What you do stays in this tab."),
      ),
    ),
  );
}

function line(item, event, open, forget) {
  return h(
    "li",
    { data: { past: event.item_id, event: event.event } },
    h(
      "button",
      { type: "button", class: "past-main", on: { click: () => open(event.item_id) } },
      tile(item, "small"),
      h("span", { class: "past-name" }, cut(nameOf(item), 80)),
      h("span", { class: `did ${event.event}` }, icon(event.event), DONE[event.event] ?? event.event),
      h("span", { class: "past-when" }, forget ? (event.recorded ? "recorded" : "this tab") : when(event.timestamp)),
    ),
    forget && !event.recorded
      ? h(
          "button",
          { type: "button", class: "bare", "aria-label": `Forget ${nameOf(item)}`, on: { click: forget } },
          icon("close"),
        )
      : null,
  );
}

/** Somebody did something with an item, here or in the shop. */
export async function happened(item_id, event, recommendation) {
  const one = { item_id, event, timestamp: Date.now() };
  if (state.record) {
    try {
      const { data } = await recorded(one, recommendation);
      if (data.rejected.length) return say(data.rejected[0].reason);
      one.recorded = true;
    } catch (error) {
      return say(error.message);
    }
  }
  change({ events: [...state.events, one], visitor: state.user === null }, "events");
  say(one.recorded ? "Recorded in the shop." : "Added in this tab; the lists know it.");
}
