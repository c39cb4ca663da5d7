// Why an item is shown, as a graph: who asks – items of the history – the item. Beside each other where there is room,
// below each other on a phone.

import { cut, h, s } from "./dom.js";
import { DONE, nameOf, percent, score } from "./words.js";

const MIDDLE = 6; // items of the history that are drawn
const KINDS = new Set(["item", "influence", "sessions", "walk", "path", "same-category"]); // parts whose ids are items

/** The items behind an answer, the weightiest first: {id, did, share, weight, alike}. */
export function ties(explanation) {
  const found = new Map();
  const of = (id) => found.get(id) ?? found.set(id, { id, did: null, share: 0, weight: 0, alike: [] }).get(id);
  for (const part of explanation.parts)
    if (KINDS.has(part.kind)) of(part.behind).share += part.share * Math.sign(part.amount || 1);
  for (const path of explanation.paths)
    Object.assign(of(path.item_id), { did: path.did, weight: Math.max(path.weight, of(path.item_id).weight) });
  for (const one of explanation.alike)
    if (!of(one.item_id).alike.includes(one.attribute)) of(one.item_id).alike.push(one.attribute);
  return [...found.values()].sort(
    (one, other) =>
      Math.abs(other.share) - Math.abs(one.share) || other.weight - one.weight || other.alike.length - one.alike.length,
  );
}

const LIKE = { category: "same category", brand: "same brand", price: "similar price", group_id: "same group" };

/** What ties an item of the history to the one that is shown, in words. */
function tied(tie) {
  const words = [];
  if (tie.share) words.push(`${percent(tie.share)} of the score`);
  if (tie.weight) words.push(`same sessions, weight ${score(tie.weight)}`);
  if (tie.alike.length) words.push(tie.alike.map((name) => LIKE[name] ?? name).join(", "));
  return words;
}

/** The same in two lines: what was done with it and its share; then the rest. */
function inTwoLines(tie) {
  const [first, ...rest] = tied(tie);
  const done = tie.did ? DONE[tie.did] : "";
  return [[done, first].filter(Boolean).join(" · "), rest.join(" · ")].filter(Boolean);
}

/** The drawing, and the same in words for whoever does not see it. */
export function drawWhy({ explanation, who, known, dids, width }) {
  const all = ties(explanation);
  const shown = all.slice(0, MIDDLE).map((tie) => ({ ...tie, did: tie.did ?? dids.get(tie.id) ?? null }));
  if (!shown.length)
    return h(
      "p",
      { class: "empty" },
      "Nothing of the history is tied to this item: it is shown for what it is, not for what went before.",
    );
  const target = nameOf(explanation.item);
  const words = shown.map(
    (tie) =>
      `${who} ${tie.did ? DONE[tie.did] : "met"} ${nameOf(known(tie.id))}: ${tied(tie).join("; ") || "tied to it"}.`,
  );
  const drawing = width < 560 ? below(shown, who, target, known, width) : beside(shown, who, target, known, width);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${who} – items – ${target}`);
  return h(
    "figure",
    { class: "why" },
    drawing,
    all.length > shown.length ? h("figcaption", {}, `and ${all.length - shown.length} more`) : null,
    h(
      "ul",
      { class: "unseen" },
      words.map((line) => h("li", {}, line)),
    ),
  );
}

function beside(shown, who, target, known, width) {
  const box = Math.min(190, Math.round(width * 0.29));
  const row = 62;
  const height = Math.max(92, shown.length * row + 10);
  const x = { who: 6, item: Math.round(width * 0.36) - 20, target: width - box - 6 };
  const middle = height / 2;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "graph" });
  const lines = s("g", { class: "ties" });
  const nodes = s("g", {});
  shown.forEach((tie, place) => {
    const y = (height / shown.length) * (place + 0.5);
    const small = Math.round(box * 0.62);
    lines.append(
      curve(x.who + small, middle, x.item, y, "did", 1.6),
      curve(x.item + box, y, x.target, middle, kindOf(tie), thickness(tie)),
    );
    if (tie.did) nodes.append(label(x.item - 6, y - 24, DONE[tie.did], "end", `did ${tie.did}`));
    nodes.append(node(x.item, y, box, nameOf(known(tie.id)), "item", tie.id));
    tied(tie)
      .slice(0, 2)
      .forEach((word, line) =>
        nodes.append(
          label(
            x.item + box + 8,
            line ? y + thickness(tie) / 2 + 12 : y - thickness(tie) / 2 - 10,
            word,
            "start",
            "tie",
            x.target - x.item - box - 12,
          ),
        ),
      );
  });
  nodes.append(node(x.who, middle, Math.round(box * 0.62), who, "who"), node(x.target, middle, box, target, "target"));
  drawing.append(lines, nodes);
  return drawing;
}

function below(shown, who, target, known, width) {
  const row = 86;
  const top = 64;
  const height = top + shown.length * row + 58;
  const left = 30;
  const box = width - 2 * left - 8;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "graph" });
  const lines = s("g", { class: "ties" });
  const nodes = s("g", {});
  shown.forEach((tie, place) => {
    const y = top + row * place + 24;
    lines.append(
      s("path", { class: "tie did", d: `M 16 44 V ${y - 10} Q 16 ${y} 26 ${y} H ${left}`, "stroke-width": 1.6 }),
      s("path", {
        class: `tie ${kindOf(tie)}`,
        d: `M ${left + box} ${y} H ${width - 26} Q ${width - 16} ${y} ${width - 16} ${y + 10} V ${height - 44}`,
        "stroke-width": thickness(tie),
      }),
    );
    nodes.append(
      node(left, y, box, nameOf(known(tie.id)), "item", tie.id),
      ...inTwoLines(tie).map((words, line) => label(left + 4, y + 31 + 15 * line, words, "start", "tie", box - 8)),
    );
  });
  nodes.append(
    node(6, 24, Math.min(220, width - 60), who, "who"),
    node(width - 6 - Math.min(280, width - 40), height - 26, Math.min(280, width - 40), target, "target"),
  );
  drawing.append(lines, nodes);
  return drawing;
}

const kindOf = (tie) => (tie.share < 0 ? "against" : tie.share || tie.weight ? "links" : "alike");
const thickness = (tie) => (tie.share ? 1.5 + 6 * Math.min(1, Math.abs(tie.share)) : tie.weight ? 2.2 : 1.5);

function curve(x1, y1, x2, y2, kind, width) {
  const half = (x1 + x2) / 2;
  return s("path", {
    class: `tie ${kind}`,
    d: `M ${x1} ${y1} C ${half} ${y1} ${half} ${y2} ${x2} ${y2}`,
    "stroke-width": width,
  });
}

function node(x, y, width, text, kind, id) {
  const group = s(
    "g",
    { class: `node ${kind}` },
    s("title", {}, id ? `${text} (${id})` : text),
    s("rect", { x, y: y - 19, width, height: 38, rx: kind === "who" ? 19 : 9 }),
  );
  const words = s("text", { x: x + width / 2, y: y + 4.5, "text-anchor": "middle" });
  words.textContent = fitted(text, width - 18, 6.9);
  group.append(words);
  return group;
}

function label(x, y, text, anchor, kind, width = 200) {
  const words = s("text", { x, y: y + 4, "text-anchor": anchor, class: `label ${kind}` });
  words.textContent = fitted(text, width, 6.1);
  return words;
}

const fitted = (text, width, size) => cut(text, Math.max(3, Math.floor(width / size)));
