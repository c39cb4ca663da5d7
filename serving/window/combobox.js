// A field that offers what can be meant while one types; the keys are those of the pattern for comboboxes of the ARIA
// Authoring Practices: arrows, Enter, Escape.

import { h, icon } from "./dom.js";

const PATIENCE = 120; // ms after a key until the server is asked
let made = 0;

/** `find(text, signal)` answers with options {value, label, note}; `pick(option)` is told which one was chosen.
 *  With `keeps` the field goes on showing the choice, else it is emptied. */
export function combobox({ label, placeholder = "", find, pick, keeps = false, value = "", hidesLabel = false }) {
  const id = `choice-${(made += 1)}`;
  let options = [];
  let active = -1;
  let timer = 0;
  let running = null;
  let chosen = value;
  const list = h("ul", { id: `${id}-list`, role: "listbox", "aria-label": label, class: "options", hidden: true });
  const input = h("input", {
    id,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    placeholder,
    value,
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  });

  function show(found) {
    options = found;
    active = -1;
    list.replaceChildren(
      ...found.map((option, place) =>
        h(
          "li",
          {
            id: `${id}-${place}`,
            role: "option",
            "aria-selected": "false",
            data: { value: option.value },
            on: {
              mousedown: (event) => {
                event.preventDefault();
                choose(place);
              },
            },
          },
          h("span", { class: "option-name" }, option.label),
          option.note ? h("span", { class: "option-note" }, option.note) : null,
        ),
      ),
    );
    if (!found.length)
      list.append(h("li", { class: "option-none", role: "option", "aria-disabled": "true" }, "Nothing is called so."));
    open(true);
  }
  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  }
  function point(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = options.length ? (place + options.length) % options.length : -1;
    const now = list.children[active];
    if (!now) return;
    now.setAttribute("aria-selected", "true");
    now.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", now.id);
  }
  function choose(place) {
    const option = options[place];
    if (!option) return;
    stop();
    chosen = keeps ? option.value : "";
    input.value = chosen;
    open(false);
    pick(option);
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    running?.abort();
    running = null;
  }
  async function ask() {
    stop();
    const mine = (running = new AbortController());
    try {
      const found = await find(input.value, mine.signal);
      if (running === mine && document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError" && running === mine)
        (show([{ value: "", label: error.message, note: "" }]), (options = []));
    }
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
    if (keeps && input.value === "" && chosen !== "") {
      chosen = "";
      pick(null);
    }
  });
  input.addEventListener("focus", () => {
    input.select();
    ask();
  });
  input.addEventListener("click", () => list.hidden && ask());
  input.addEventListener("blur", () => {
    stop();
    open(false);
    input.value = chosen;
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await ask();
      else
        point(
          active < 0 && event.key === "ArrowUp" ? options.length - 1 : active + (event.key === "ArrowDown" ? 1 : -1),
        );
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (timer) await ask(); // what is offered may be older than what was typed
      if (!list.hidden) choose(Math.max(active, 0));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });
  const box = h("div", { class: "combobox" }, hidesLabel ? icon("search") : null, input, list);
  if (hidesLabel) input.setAttribute("aria-label", label);
  const element = hidesLabel ? box : h("div", { class: "field" }, h("label", { for: id }, label), box);
  return {
    element,
    input,
    set: (text) => {
      chosen = text;
      input.value = text;
    },
  };
}
