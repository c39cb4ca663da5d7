"""The tables of figures in pages that are written by hand, made of records.

`python -m kartograph.reference.measurements` writes them anew, between their marks.
"""

from pathlib import Path

from kartograph.reference import DOCS
from kartograph.reference.markdown import code, table
from kartograph.reference.measured import Measured, measured
from kartograph.reference.peers import peers_table
from kartograph.reference.records import filled, recorded

PAGES = tuple(DOCS / f"{name}.md" for name in ("benchmarks", "measurements", "operating", "operation", "serving"))
SINGLE = ("item-knn-tfidf", "stan", "walk", "session-net", "sr-gnn", "sasrec")
CLICKS = ("RetailRocket", "Tmall")


def pages() -> dict[Path, str]:
    """Return the pages with each marked part made anew."""
    parts = recorded() | PARTS
    return {page: filled(page.read_text("utf-8"), parts) for page in PAGES}


def single_models() -> str:
    """Figures of single models on click sequences, the best of each measure in bold, and how they were measured."""
    rows = {data: [measured()[name, data] for name in SINGLE] for data in CLICKS}
    columns = [_figures(rows[data]) for data in CLICKS]
    hosts = [
        "; ".join(dict.fromkeys(f"{row.date}, {row.machine}" for row in of_model))
        for of_model in zip(*rows.values(), strict=True)
    ]
    return table(("model", *CLICKS, "measured on"), zip(map(code, SINGLE), *columns, hosts, strict=True))


def _figures(rows: list[Measured]) -> list[str]:
    """Both measures of each row in percent."""
    pairs = [(100 * (row.first or 0), 100 * (row.second or 0)) for row in rows]
    best = [max(values) for values in zip(*pairs, strict=True)]
    return [
        " / ".join(
            f"**{value:.2f}**" if value == top else f"{value:.2f}" for value, top in zip(pair, best, strict=True)
        )
        for pair in pairs
    ]


PARTS = {
    "single models": single_models,
    "sessions": lambda: peers_table("sessions"),
    "users": lambda: peers_table("users"),
}
"""What makes each part that is no record's table as it is, by the name of its marks."""

if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
