// From what is asked to the calls of the API.

import { call, inPath } from "./api.js";
import { sessionId, state, where } from "./state.js";

export const TRENDING = ":trending";
export const TOGETHER = ":together";
export const FALLBACKS = ":fallbacks";
const PLACE = "window"; // under which the shop counts what is done here
const NAMES = { [TRENDING]: "Trending now", [TOGETHER]: "Together with the last item", [FALLBACKS]: "Without a model" };

/** What a list is called. */
export const called = (list) => NAMES[list] ?? list;

/** Every list that a shop can show: its models, or the fallbacks where there is none, and the lists that need none. */
export function choices(shop) {
  const models = shop.models.map((model) => model.name);
  const first = shop.default ? [shop.default, ...models.filter((name) => name !== shop.default)] : models;
  return [...(first.length ? first : [FALLBACKS]), TRENDING, TOGETHER];
}

/** The model of a list; undefined where none is named. */
export const modelOf = (list) => (list.startsWith(":") ? undefined : list);

/** Events of this tab that the server does not know. */
const atHand = () =>
  state.events
    .filter((event) => !event.recorded)
    .map(({ item_id, event, timestamp }) => ({ item_id, event, timestamp }));

function session() {
  const body = { events: atHand() };
  if (state.user !== null) body.user_id = state.user;
  else if (state.events.some((event) => event.recorded)) body.session_id = sessionId();
  return body;
}

/** Ask for a list. `last` is the item that was met last. */
export function asked(list, last, signal) {
  const filters = where();
  const { k } = state;
  const filter = Object.keys(filters).length ? JSON.stringify(filters) : undefined;
  if (list === TRENDING) return call("GET", "/v1/trending", { query: { k, filters: filter, place: PLACE }, signal });
  if (list === TOGETHER) {
    if (!last || inPath(last) === null)
      return Promise.resolve({ data: { items: [], served_by: "nobody", wants: true }, ms: null });
    return call("GET", `/v1/items/${inPath(last)}/together`, { query: { k, filters: filter, place: PLACE }, signal });
  }
  const more = {
    include_seen: state.seen || undefined,
    diversity: state.diversity || undefined,
    per_category: state.per_category ?? undefined,
  };
  const model = modelOf(list);
  const user = state.user === null ? null : inPath(state.user);
  if (user !== null && !atHand().length) {
    return call("GET", `/v1/users/${user}/recommendations`, {
      query: { k, model, filters: filter, place: PLACE, ...more },
      signal,
    });
  }
  return call("POST", "/v1/sessions/recommendations", {
    body: { ...session(), k, model, filters, place: PLACE, ...more },
    signal,
  });
}

/** Ask why an item goes with who asks. */
export function explained(item, model, signal) {
  if (state.user !== null && !atHand().length) {
    return call("GET", "/v1/explanations", { query: { user: state.user, item, model }, signal });
  }
  return call("POST", "/v1/explanations", { body: { ...session(), item_id: item, model }, signal });
}

/** Record an event in the shop, under the list that it came from where it came from one. */
export function recorded(event, recommendation) {
  const body = {
    event_id: `${sessionId()}-${event.timestamp}-${event.item_id.slice(0, 80)}-${event.event}`,
    session_id: sessionId(),
    ...event,
  };
  if (state.user !== null) body.user_id = state.user;
  if (recommendation) body.recommendation_id = recommendation;
  return call("POST", "/v1/events", { body: [body] });
}
