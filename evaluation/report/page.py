"""Makes one page of records and data: sections are drawn and filled, and the template binds them together.

The page needs nothing from outside: its style and its charts are in it, scripts there are none. Equal records and data
give equal bytes; no time stands on it but those of the records and the data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from kartograph.evaluation.report import numbers
from kartograph.evaluation.report.charts.chart import Chart
from kartograph.evaluation.report.charts.protocols import slug_of
from kartograph.evaluation.report.data import DataFigures
from kartograph.evaluation.report.exposure_tables import ShownTable
from kartograph.evaluation.report.leaderboard import reported_table
from kartograph.evaluation.report.notes import data_notes, implied_rows, model_notes
from kartograph.evaluation.report.records import Record, leaderboards
from kartograph.evaluation.report.reported import PREADDL_TIMES, TABLES
from kartograph.evaluation.report.sections.section_data import absent, data_charts
from kartograph.evaluation.report.sections.section_protocol import protocol_section
from kartograph.evaluation.report.shop_board import ShopBoard
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import whole_file, write_whole

PAGE = "report.html"
"""Name of the page in its folder."""


@dataclass(frozen=True)
class Page:
    """The page and its charts, which are in it and also lie beside it."""

    html: str = field(repr=False)
    charts: tuple[Chart, ...]


def build_page(
    records: Sequence[Record],
    data: DataFigures | None = None,
    progress: Progress = silent,
    shop: ShopBoard | None = None,
    shown: Sequence[ShownTable] = (),
) -> Page:
    """Make the page of records and, where they are known, of the data's own figures; either may be missing.

    It begins with the leaderboard of a shop's pipeline, where one has run, and what was shown, clicked and bought.
    """
    sections, charts, slugs = [], [], {}
    for position, board in enumerate(leaderboards(records)):
        progress("Drawing leaderboards", position)
        slug = slug_of(board.protocol)
        slugs[slug] = slugs.get(slug, 0) + 1
        section = protocol_section(board, slug if slugs[slug] == 1 else f"{slug}-{slugs[slug]}")
        sections.append(section)
        charts += [*section.charts, *(bucket.chart for bucket in section.buckets), *section.learning]
    progress("Drawing the data's figures")
    counted = data_charts(data) if data else ()
    html = _template("page.html.j2").render(
        style=Markup(_text("page.css")),
        shop=shop,
        shown=shown,
        sections=sections,
        records=len(records),
        data=data,
        counted=counted,
        absent=absent(data) if data else (),
        data_notes=data_notes(data),
        model_notes=model_notes(),
        implied=implied_rows(),
        reported=[(table, reported_table(table)) for table in TABLES],
        times=PREADDL_TIMES,
        numbers=numbers,
    )
    return Page(html, (*charts, *(bucket.chart for bucket in counted)))


def write_page(page: Page, folder: Path) -> list[Path]:
    """Write the page and the PNGs into a folder, which is made where it is not there; the page's path comes first.

    Raises `BadInput` where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for chart in page.charts:
            with whole_file(folder / chart.file) as file:
                file.write(chart.png)
        write_whole(folder / PAGE, page.html)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}. Name another folder with --out.") from error
    return [folder / PAGE, *(folder / chart.file for chart in page.charts)]


def _text(name: str) -> str:
    return files("kartograph.evaluation.report").joinpath(name).read_text("utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=FunctionLoader(_text),
    )
    environment.filters["code"] = _with_code
    return environment.get_template(name)


def _with_code(text: str) -> Markup:
    """What stands between backticks as code, the rest as it is."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
