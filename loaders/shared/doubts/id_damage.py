"""What spreadsheets and floats do to ids: counted, told, and mended where that is certain."""

import ibis

from kartograph.tables.engine import Expression, Rows
from kartograph.tables.report import Report

_POINT = r"^[0-9]+\.0+$"
_AROUND = r"^[\s\p{Z}\p{Cf}]+|[\s\p{Z}\p{Cf}]+$"
"""Blanks of all kinds and letters that nobody sees: of no width, of direction, a byte-order mark."""
_QUOTED = r"^=?\"(.*)\"$|^'(.*)'$|^'([0-9]+)$"
"""How spreadsheets keep a number as text: `="00123"`, `'00123`."""
_POWER = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"
OUTSIZE_SHARE, OUTSIZE_TIMES, OUTSIZE_LEAST = 0.1, 5, 5
"""One id is outsize with a tenth of all events, five times what others have on average, and five events at least."""

ONE_ITEM_LEAST = 20
"""Events from which one item alone is doubtful."""


@ibis.udf.scalar.builtin
def nfc_normalize(text: str) -> str:  # pyright: ignore[reportReturnType]
    """The text with every accent and its letter as one character: a function of DuckDB."""


def mended(text: Expression) -> Expression:
    """An id without what was certainly added to it: blanks and quotes around it, and a decimal point with zeros."""
    bare = text.re_replace(_AROUND, "").re_replace(_QUOTED, r"\1\2\3")
    return ibis.ifelse(bare.re_search(_POINT), bare.re_replace(r"\.0+$", ""), bare)


def tell_damage(rows: Rows, columns: dict[str, str], repaired: bool, report: Report) -> None:
    """Note damaged ids of the columns of `rows`, by what each holds (`users`), and which of them are much alike."""
    for column, what in columns.items():
        ids: Rows = rows.filter(rows[column].notnull()).group_by(id=rows[column]).agg(rows=ibis._.count())
        point = ids.id.re_search(_POINT)
        bare = ids.id.re_replace(_AROUND, "")
        composed: Expression = nfc_normalize(bare)
        ids = ids.mutate(plain=composed.lower().re_replace(r"\.0+$", ""))
        spelled = ids.group_by("plain").agg(
            spellings=ids.count(),
            point=ids.rows.sum(where=point),
            power=ids.rows.sum(where=ids.id.re_search(_POWER)),
            blank=ids.rows.sum(where=ids.id != bare),
            blank_example=ids.id.min(where=ids.id != bare),
            quoted=ids.rows.sum(where=bare.re_search(_QUOTED)),
            quoted_example=ids.id.min(where=bare.re_search(_QUOTED)),
            example=ids.id.min(where=point),
            power_example=ids.id.min(where=ids.id.re_search(_POWER)),
        )
        figures = spelled.agg(
            **{name: spelled[name].sum() for name in ("point", "power", "blank", "quoted")},
            **{name: spelled[name].min() for name in ("example", "power_example", "blank_example", "quoted_example")},
            twins=spelled.count(where=spelled.spellings > 1),
        )
        figure = figures.to_pyarrow().to_pylist()[0]
        if figure["point"] and not repaired:
            words = f"rows whose {what} has a decimal point, as {figure['example']}: --repair-ids takes it off"
            report.note(words, figure["point"])
        if figure["blank"] and not repaired:
            words = (
                f"rows whose {what} has blanks around it, as {figure['blank_example']!r}: --repair-ids takes them off"
            )
            report.note(words, figure["blank"])
        if figure["quoted"] and not repaired:
            words = f"rows whose {what} is in quotes, as {figure['quoted_example']}: --repair-ids takes them off"
            report.note(words, figure["quoted"])
        if figure["power"]:
            words = f"rows whose {what} is rounded to a power of ten, as {figure['power_example']}"
            report.note(f"{words}: different ones may have become one, export them as text", figure["power"])
        words = f"{what} ids that differ from another by case, blanks, accents or a decimal point alone, kept apart"
        report.note(words, figure["twins"])


def tell_outsize(rows: Rows, columns: dict[str, str], report: Report) -> None:
    """Note a user, item or session that holds an outsize share of all events: it may stand for many, or for none."""
    for column, what in columns.items():
        counts: Rows = rows.filter(rows[column].notnull()).group_by(id=rows[column]).agg(events=ibis._.count())
        figures = counts.agg(
            most=counts.events.max(), total=counts.events.sum(), ids=counts.count(), id=counts.id.argmax(counts.events)
        )
        figure = figures.to_pyarrow().to_pylist()[0]
        if what == "item" and figure["ids"] == 1 and figure["total"] >= ONE_ITEM_LEAST:
            words = f"all events are of one item, {figure['id']!r}: is another column that of the items (--item)?"
            report.remark(words, figure["total"])
        if not figure["ids"] or figure["ids"] < 2:
            continue
        most, total = figure["most"], figure["total"]
        others = (total - most) / (figure["ids"] - 1)
        if most >= max(OUTSIZE_LEAST, OUTSIZE_SHARE * total, OUTSIZE_TIMES * others):
            share = f"{most / total:.0%} of all"
            report.note(
                f"events of one {what}, {figure['id']!r}, {share}: does it stand for a missing value (--null)?", most
            )
