// Numbers, times and kinds as people read them.

const whole = new Intl.NumberFormat("en");
const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const DONE = { view: "viewed", cart: "into the cart", buy: "bought", borrow: "borrowed" };

export const counted = (number, name) => `${whole.format(number)} ${name}${number === 1 ? "" : "s"}`;
export const number = (value) => whole.format(value);
export const price = (value) => (value >= 100_000 ? whole.format(Math.round(value)) : money.format(value));
export const score = (value) => (Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential(1) : short.format(value));
export const percent = (share) =>
  share && Math.abs(share) < 0.005 ? "under 1 %" : `${Math.round(share * 100)} %`;
export const milliseconds = (ms) => `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** When something happened, as seen from now. */
export function when(time) {
  if (!time) return "";
  const seconds = (time - Date.now()) / 1000;
  if (seconds > -45) return "now";
  for (const [unit, size] of [
    ["minute", 60],
    ["hour", 3600],
    ["day", 86400],
  ]) {
    if (-seconds < size * (unit === "day" ? 30 : unit === "hour" ? 24 : 60))
      return ago.format(Math.round(seconds / size), unit);
  }
  return day.format(time);
}

/** How long ago, of a number of seconds. */
export function age(seconds) {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** The name under which an item is shown: its title, else its id. */
export const nameOf = (item) => item.title ?? `Item ${item.item_id}`;

/** What is known of an item in a few words: price, brand, category. */
export function factsOf(item) {
  const facts = [];
  if (item.price !== null && item.price !== undefined) facts.push(price(item.price));
  if (item.brand) facts.push(item.brand);
  if (item.category) facts.push(item.category_name ?? `category ${item.category}`);
  return facts;
}
