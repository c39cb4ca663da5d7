// What is asked at the moment. It stands in the address, so that a page can be sent to a colleague or opened again.

export const LISTS_AT_MOST = 3;
export const FILTERS = ["category", "brands", "price_min", "price_max", "not_bought_days"];

export const state = {
  user: null, // an id, or null for a visitor
  visitor: false, // whether a visitor was asked for
  events: [], // what was done in this tab: {item_id, event, timestamp, recorded}
  lists: [], // names of models, or of lists without one
  filters: {},
  unavailable: false,
  seen: false,
  diversity: 0,
  per_category: null,
  k: 12,
  record: false,
};

const listeners = [];
/** Be told of every change: the listener gets its reason. */
export const whenChanged = (listener) => listeners.push(listener);

/** Change what is asked. `reason` is one of start, who, events, filters, cleared, lists, record. */
export function change(patch, reason) {
  Object.assign(state, patch);
  history.replaceState(null, "", `#${written()}`);
  for (const listener of listeners) listener(reason);
}

/** The filter in the form of the API. */
export function where() {
  const filter = {};
  if (state.unavailable) filter.available = false;
  for (const name of FILTERS) if (state.filters[name] !== undefined) filter[name] = state.filters[name];
  return filter;
}

/** How many conditions differ from those of a fresh page. */
export function conditions() {
  const further = [state.unavailable, state.seen, state.diversity > 0, state.per_category !== null];
  return FILTERS.filter((name) => state.filters[name] !== undefined).length + further.filter(Boolean).length;
}

/** The session of this tab, under which its events are recorded. */
export function sessionId() {
  const kept =
    sessionStorage.getItem("kartograph-session") ??
    `window-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
  sessionStorage.setItem("kartograph-session", kept);
  return kept;
}

/** Take over what stands in the address. */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  state.user = given.get("user") || null;
  state.visitor = given.has("visitor");
  state.events = given
    .getAll("item")
    .map((item_id, place) => ({ item_id, event: "view", timestamp: Date.now() + place }));
  state.lists = given.getAll("list").slice(0, LISTS_AT_MOST);
  for (const name of FILTERS) {
    const value = given.get(name);
    if (value) state.filters[name] = ["category", "brands"].includes(name) ? value : Number(value);
  }
  state.unavailable = given.has("unavailable");
  state.seen = given.has("seen");
  state.diversity = Math.min(1, Math.max(0, Number(given.get("diversity")) || 0));
  state.per_category = Number(given.get("per_category")) || null;
}

function written() {
  const parts = new URLSearchParams();
  if (state.user !== null) parts.set("user", state.user);
  if (state.visitor) parts.set("visitor", "");
  for (const list of state.lists) parts.append("list", list);
  for (const event of state.events) if (!event.recorded) parts.append("item", event.item_id);
  for (const name of FILTERS) if (state.filters[name] !== undefined) parts.set(name, state.filters[name]);
  if (state.unavailable) parts.set("unavailable", "");
  if (state.seen) parts.set("seen", "");
  if (state.diversity) parts.set("diversity", state.diversity);
  if (state.per_category) parts.set("per_category", state.per_category);
  return parts.toString();
}
