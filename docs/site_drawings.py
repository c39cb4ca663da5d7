"""Flow charts of the pages, drawn for the site: `mkdocs.yml` names this file as a hook.

The pages hold them as Mermaid, which the repository's host draws. The theme would fetch Mermaid's three megabytes
from elsewhere, so the site has each chart as SVG within its page, in the colours of the scheme at hand. Only what
the pages' charts are made of is known: boxes `id["first line<br/>second line"]` and arrows `a --> b`.

The layout is layered, after Sugiyama, Tagawa and Toda 1981: each box one layer below the lowest box that points to it,
long arrows over empty places of the layers between, places ordered by the mean of their neighbours' places.
"""

import re
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from html import escape
from itertools import pairwise

FENCE = re.compile(r"^```mermaid\nflowchart TD\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BOX = re.compile(r'^\s*(\w+)\["(.*)"\]$')
ARROW = re.compile(r"^\s*(\w+) --> (\w+)$")
HEIGHT, GAP, LETTER, SPACE, MARGIN = 46, 38, 7.4, 26, 6
"""Height of a box and of the gap below it, width of a letter, space between boxes and around the chart, in pixels."""
SWEEPS = 60


@dataclass
class Place:
    """A box, or a place that a long arrow passes; `x` is its middle."""

    lines: list[str]
    layer: int
    above: list["Place"] = field(default_factory=list)
    below: list["Place"] = field(default_factory=list)
    x: float = 0.0

    @property
    def width(self) -> float:
        """Its width, of the longest line of text."""
        return max(len(line) for line in self.lines) * LETTER + 24 if self.lines else 12


def on_page_markdown(markdown: str, **_: object) -> str:
    """Draw the flow charts of a page."""
    return FENCE.sub(lambda match: drawn(match[1]), markdown)


def drawn(chart: str) -> str:
    """Return a chart as SVG."""
    layers = _placed(chart)
    places = [place for layer in layers for place in layer]
    left = min(place.x - place.width / 2 for place in places) - MARGIN
    width = max(place.x + place.width / 2 for place in places) + MARGIN - left
    height = len(layers) * (HEIGHT + GAP) - GAP + 2 * MARGIN
    boxes = [_box(place) for place in places if place.lines]
    arrows = [_arrow(place, after) for place in places if place.lines for after in place.below]
    names = "; ".join(place.lines[0] for place in places if place.lines)
    return (
        f'<svg class="flowchart" role="img" aria-label="Flow chart: {escape(names)}" '
        f'viewBox="{left:.0f} {-MARGIN} {width:.0f} {height}" width="{width:.0f}" font-size="13" text-anchor="middle">'
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 10 5 0 10z"/></marker></defs>{"".join(arrows)}{"".join(boxes)}</svg>'
    )


def _placed(chart: str) -> list[list[Place]]:
    """The places of a chart by layers, from left to right."""
    matches = [BOX.match(line) for line in chart.splitlines()], [ARROW.match(line) for line in chart.splitlines()]
    labels = {box[1]: box[2].split("<br/>") for box in matches[0] if box}
    arrows = [(arrow[1], arrow[2]) for arrow in matches[1] if arrow]
    layer_of: dict[str, int] = {}
    for name in TopologicalSorter({name: [a for a, b in arrows if b == name] for name in labels}).static_order():
        layer_of[name] = 1 + max((layer_of[a] for a, b in arrows if b == name), default=-1)
    for name in labels:  # what nothing points to stands right above what it points to
        if name not in {b for _, b in arrows}:
            layer_of[name] = min((layer_of[b] for a, b in arrows if a == name), default=1) - 1
    boxes = {name: Place(lines, layer_of[name]) for name, lines in labels.items()}
    layers: list[list[Place]] = [[] for _ in range(1 + max(layer_of.values()))]
    for place in boxes.values():
        layers[place.layer].append(place)
    for a, b in arrows:
        chain = [boxes[a], *(Place([], layer) for layer in range(layer_of[a] + 1, layer_of[b])), boxes[b]]
        for place in chain[1:-1]:
            layers[place.layer].append(place)
        for before, after in pairwise(chain):
            before.below.append(after)
            after.above.append(before)
    _order(layers)
    return layers


def _order(layers: list[list[Place]]) -> None:
    """Order the places of each layer and move each to the middle of its neighbours, as far as there is room."""
    for layer in layers:
        _spread(layer)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            for place in layer:
                near = (place.above if down else place.below) if sweep < SWEEPS / 2 else place.above + place.below
                if near:
                    place.x = sum(one.x for one in near) / len(near)
            if sweep < SWEEPS / 2:
                layer.sort(key=lambda place: place.x)
            _spread(layer)


def _spread(layer: list[Place]) -> None:
    """Move places apart that overlap, half of the way to each side."""
    wanted = [place.x for place in layer]
    rightwards, leftwards = wanted[:], wanted[:]
    for at in range(1, len(layer)):
        rightwards[at] = max(rightwards[at], rightwards[at - 1] + _apart(layer[at - 1], layer[at]))
    for at in range(len(layer) - 2, -1, -1):
        leftwards[at] = min(leftwards[at], leftwards[at + 1] - _apart(layer[at], layer[at + 1]))
    for place, a, b in zip(layer, rightwards, leftwards, strict=True):
        place.x = (a + b) / 2


def _apart(left: Place, right: Place) -> float:
    return (left.width + right.width) / 2 + SPACE


def _top(place: Place) -> int:
    return place.layer * (HEIGHT + GAP)


def _box(place: Place) -> str:
    first = _top(place) + HEIGHT / 2 + 4.5 - 8.5 * (len(place.lines) - 1)
    texts = [
        f'<text x="{place.x:.1f}" y="{first + 17 * number:.1f}">{escape(line)}</text>'
        for number, line in enumerate(place.lines)
    ]
    left, width = f"{place.x - place.width / 2:.1f}", f"{place.width:.1f}"
    return f'<rect x="{left}" y="{_top(place)}" width="{width}" height="{HEIGHT}" rx="5"/>' + "".join(texts)


def _arrow(start: Place, after: Place) -> str:
    """A line from the foot of a box, down through the places that it passes, to the head of the next box."""
    x, y = start.x, _top(start) + HEIGHT
    path = f"M{x:.1f} {y}"
    while True:
        path += f"C{x:.1f} {y + GAP / 2} {after.x:.1f} {_top(after) - GAP / 2} {after.x:.1f} {_top(after)}"
        if after.lines:
            return f'<path d="{path}"/>'
        path += f"V{_top(after) + HEIGHT}"
        x, y, after = after.x, _top(after) + HEIGHT, after.below[0]
