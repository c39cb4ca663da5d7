// The shop window: one question, its lists side by side, and everything that changes them at once.

import { call, forgetKey, hasKey, whenKeyIsNeeded } from "./api.js";
import { combobox } from "./combobox.js";
import { byId, fill, h, icon, say } from "./dom.js";
import { countFilters, drawFilters } from "./filters.js";
import { known, learn } from "./items.js";
import * as lists from "./lists.js";
import * as promotions from "./promotions.js";
import { choices } from "./questions.js";
import * as sheet from "./sheet.js";
import { change, read, state, whenChanged } from "./state.js";
import { drawPast, drawWho, happened, lastItem, pastEvents, readPast } from "./who.js";
import { age, counted, nameOf, price } from "./words.js";

const LOOKS = 8; // times that lists are asked for again, a second apart, until a promotion acts
const HEALTH_MS = 10_000;

/** Items by the words of their titles, or by the beginning of their ids. */
async function found(text, signal) {
  const empty = { data: [] };
  const [titled, named] = await Promise.all([
    text.trim().length > 1 || /[^\x00-\x7f]/.test(text) // one letter begins too many titles
      ? call("GET", "/v1/items/search", { query: { q: text.slice(0, 200), k: 8, user: state.user ?? undefined }, signal }).then(
          ({ data }) => data.items.map((item) => item.item_id),
        )
      : [],
    text.length < 400 ? call("GET", "/v1/items", { query: { starts: text, k: 6 }, signal }) : empty,
  ]);
  await learn(titled, signal);
  const items = [...titled.map(known), ...named.data.filter((item) => !titled.includes(item.item_id))].slice(0, 10);
  return items.map((item) => ({
    value: item.item_id,
    label: nameOf(item),
    note: [item.title ? item.item_id : "", item.price === null ? "" : price(item.price)].filter(Boolean).join(" · "),
  }));
}

function askForKey(wrong) {
  const dialog = byId("key");
  return new Promise((answer) => {
    const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-labelledby": "key-title" });
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "key-title" }, "A key, please"),
      h(
        "p",
        { class: "hint" },
        "This server asks for one. It is kept for this tab only; ",
        h("code", {}, "kartograph keys add"),
        " makes one.",
      ),
      wrong ? h("p", { class: "problem" }, "The server does not know that key.") : null,
      input,
      h("button", { class: "first" }, "Open the shop"),
    );
    fill(dialog, form);
    dialog.addEventListener("close", () => answer(input.value.trim() || null), { once: true });
    dialog.showModal();
  });
}

let put = null; // the notice that was put away
/** Say what is wrong with the shop as a whole, until it is put away or right again. */
function notice(text, again) {
  const place = byId("notice");
  place.hidden = !text || text === put;
  const away = () => {
    put = text;
    place.hidden = true;
  };
  fill(
    place,
    h("span", {}, text ?? ""),
    again
      ? h("button", { type: "button", class: "second", on: { click: again } }, "Try again")
      : h("button", { type: "button", class: "bare", "aria-label": "Put away", on: { click: away } }, icon("close")),
  );
}

async function watch() {
  try {
    const { data } = await call("GET", "/readyz");
    const failed = Object.keys(data.failed);
    byId("health").className = `health ${{ up: "good", down: "poor" }[data.neo4j] ?? ""}`;
    byId("health").textContent =
      `Neo4j ${data.neo4j === "unknown" ? "not asked yet" : data.neo4j}, data ${age(data.data_age_seconds)} old${data.queued_events ? `, ${counted(data.queued_events, "event")} on the way` : ""}`;
    notice(failed.length ? `Not served: ${failed.map((name) => `${name}: ${data.failed[name]}`).join("; ")}` : null);
  } catch (error) {
    byId("health").className = "health poor";
    byId("health").textContent = "no answer";
    if (error.status !== 403) notice(error.message);
  }
}

async function begin() {
  let shop;
  try {
    shop = (await call("GET", "/v1/shop")).data;
  } catch (error) {
    return notice(error.message, () => {
      notice(null);
      begin();
    });
  }
  read();
  byId("shop-name").textContent = shop.shop;
  byId("shop-facts").textContent = [counted(shop.items, "item"), counted(shop.users, "user")].join(" · ");
  document.title = `${shop.shop} · shop window`;
  if (hasKey())
    byId("health").after(
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          on: {
            click: () => {
              forgetKey();
              location.reload();
            },
          },
        },
        "Forget the key",
      ),
    );
  const offered = choices(shop);
  state.lists = state.lists.filter((list) => offered.includes(list));
  if (!state.lists.length) state.lists = offered.slice(0, Math.min(3, Math.max(2, shop.models.length)));
  if (state.user === null && !state.visitor && !state.events.length) state.user = await somebody(shop);
  if (state.user === null) state.visitor = true;

  let opening = Promise.resolve();
  const open = (id, model, recommendation) => (opening = sheet.openItem(id, model, recommendation));
  const dids = () => new Map([...pastEvents()].reverse().map((event) => [event.item_id, event.event]));
  lists.begin({ shop, place: byId("columns"), open, add: happened, last: lastItem });
  sheet.begin({ shop, past: dids, changed: () => update("shop") });
  promotions.begin({
    place: byId("promotions").querySelector(".inside"),
    find: found,
    acted: () => update("promotions"),
  });
  byId("find").append(
    combobox({
      label: "Find an item",
      placeholder: "Find an item by title or id",
      find: found,
      hidesLabel: true,
      pick: (option) => open(option.value),
    }).element,
  );
  const filters = byId("filters").querySelector(".inside");
  drawFilters(filters, shop);
  byId("promotions").addEventListener("toggle", () => byId("promotions").open && promotions.drawPromotions());

  let turn = 0;
  async function update(reason) {
    const mine = (turn += 1);
    countFilters();
    if (reason === "cleared") drawFilters(filters, shop);
    if (reason === "who" || reason === "start") drawWho(byId("who"), shop);
    const asksAnew = !["filters", "cleared", "lists"].includes(reason); // who asks, or the shop, is not what it was
    if (asksAnew) await past();
    if (mine !== turn) return;
    const compares = !["who", "start", "lists"].includes(reason);
    let moved = await lists.refresh(compares);
    await opening;
    if (mine === turn && asksAnew) sheet.refreshSheet();
    for (let look = 0; reason === "promotions" && !moved && look < LOOKS && mine === turn; look += 1) {
      await new Promise((done) => setTimeout(done, 1000));
      if (mine === turn) moved = await lists.refresh(true);
    }
  }
  async function past() {
    await readPast();
    await learn(pastEvents().map((event) => event.item_id));
    drawPast(byId("past").querySelector(".inside"), { known, open });
  }
  if (matchMedia("(max-width: 860px)").matches) byId("past").open = false; // the lists come first on a phone
  whenChanged((reason) =>
    reason === "record"
      ? drawPast(byId("past").querySelector(".inside"), { known, open })
      : update(reason).catch((error) => error.name === "AbortError" || say(error.message)),
  );
  change({}, "start");
  watch();
  setInterval(() => document.hidden || watch(), HEALTH_MS);
}

/** A user to begin with: the one with most events. */
async function somebody(shop) {
  if (!shop.users) return null;
  try {
    return (await call("GET", "/v1/users", { query: { k: 1 } })).data[0]?.user_id ?? null;
  } catch {
    return null;
  }
}

whenKeyIsNeeded(askForKey);
begin();
