"""Pictures of the things in the sample shop: small SVGs, drawn in the colour of a look, as addresses of themselves."""

from urllib.parse import quote

from kartograph.loaders.generated.sample_drawings import COLOURS, DRAWINGS
from kartograph.loaders.generated.sample_things import DEPARTMENTS, LOOKS

SIDE = 64
DARKER, PALER = 0.32, 0.6
"""How far the darker tone of a colour goes towards black, and the paler one towards white."""
GROUNDS = (
    *("#fbeee2", "#f7eef3", "#fdf6dd", "#eef1e6", "#eceff7", "#e6f3e8", "#f3ecf8", "#f6efe6", "#eef4f6", "#eeeef2"),
    *("#e4f2f1", "#fdeeee"),
)  # fmt: skip
"""Of the departments, in their order."""


def address(thing: str, look: str) -> str:
    """Return the picture of a thing as an address that holds it (`data:image/svg+xml,…`); no file is needed."""
    return "data:image/svg+xml," + quote(svg(thing, look), safe="=:/ ()-'").replace(" ", "%20")


def svg(thing: str, look: str) -> str:
    """Return the picture of a thing in the colour of a look, as SVG of 64 × 64."""
    colour = LOOKS[look]
    colours = {**COLOURS, "a": colour, "d": _mixed(colour, 0, DARKER), "p": _mixed(colour, 255, PALER)}
    ground = GROUNDS[next(row for row, things in enumerate(DEPARTMENTS.values()) if thing in things)]
    parts = "".join(_part(part, colours) for part in DRAWINGS[thing].split(";"))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SIDE} {SIDE}'>"
        f"<path fill='{ground}' d='M0 0h{SIDE}v{SIDE}H0z'/>{parts}</svg>"
    )


def _part(part: str, colours: dict[str, str]) -> str:
    letter, shape = part[0], part[1:]
    colour = colours[letter.lower()]
    paint = f"fill='{colour}'"
    if letter.isupper():
        paint = f"fill='none' stroke='{colour}' stroke-width='3' stroke-linecap='round'"
    if shape[0] == "M":
        return f"<path {paint} d='{shape}'/>"
    name, keys = {
        "o": ("circle", ("cx", "cy", "r")),
        "e": ("ellipse", ("cx", "cy", "rx", "ry")),
        "r": ("rect", ("x", "y", "width", "height", "rx")),
    }[shape[0]]
    numbers = " ".join(f"{key}='{number}'" for key, number in zip(keys, shape.split()[1:], strict=True))
    return f"<{name} {paint} {numbers}/>"


def _mixed(colour: str, tone: int, share: float) -> str:
    """A colour mixed with grey of a tone, 0 black to 255 white."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (tone - part) * share):02x}" for part in parts)
