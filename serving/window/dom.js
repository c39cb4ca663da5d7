// Elements made without markup: every text is set as text, so nothing that a shop says can become part of the page.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  view: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Zm6.5 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  cart: "M1.5 2h2l1.6 8h7.2l1.5-5.7H4.2M6 13.6a.7.7 0 1 0 0-1.4.7.7 0 0 0 0 1.4Zm5.4 0a.7.7 0 1 0 0-1.4.7.7 0 0 0 0 1.4Z",
  buy: "M3 5.5h10l-.8 8.5H3.8L3 5.5Zm2.6 0V4.4a2.4 2.4 0 0 1 4.8 0v1.1",
  borrow: "M8 4C6.4 2.9 4.3 2.6 2 2.9v9.6c2.3-.3 4.4 0 6 1.1 1.6-1.1 3.7-1.4 6-1.1V2.9C11.7 2.6 9.6 2.9 8 4Zm0 0v9.6",
  plus: "M8 3v10M3 8h10",
  close: "m4 4 8 8m0-8-8 8",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2L14 14",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8Zm-5.5 6c.5-2.8 2.7-4.3 5.5-4.3s5 1.5 5.5 4.3",
};

/** An element: properties by name (`on` holds listeners, `data` what tests and styles ask for), then its children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Put children into an element in place of what it holds; those that are nothing are left out. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""),
  );
}

/** An element of a drawing. */
export function s(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat());
  return element;
}

/** A small picture beside words; it says nothing of its own. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    s("path", { d: ICONS[name] ?? ICONS.view }),
  );
}

export const byId = (id) => document.getElementById(id);

/** A text of at most so many characters; half a character is never left. */
export function cut(text, most) {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

/** A field with its label above it. */
export function field(label, control, className = "") {
  return h("label", { class: `field ${className}` }, h("span", {}, label), control);
}

let silence = 0;
/** Say something for some seconds, to eyes and to screen readers. */
export function say(text) {
  const place = byId("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => place.classList.remove("shown"), 5000);
}
