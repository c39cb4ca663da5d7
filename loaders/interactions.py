"""Any table of interactions, one row for what a user did with an item.

CSV of any dialect, JSON, Parquet or a workbook, packed or not; one file, a folder or a pattern. Columns are named, or
guessed where their names are usual. Without a column of events all rows are views; without times the order is the
position's, where there is one.

    python -m kartograph.loaders.interactions clicks.csv --user visitor --item sku --time when
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis

from kartograph.loaders.presets import columns_of, preset, with_preset
from kartograph.loaders.shared.begin import open_reader
from kartograph.loaders.shared.doubts.counted_times import tell_counts
from kartograph.loaders.shared.doubts.event_columns import tell_event_columns
from kartograph.loaders.shared.doubts.half_days import bare_clock, tell_half_days
from kartograph.loaders.shared.doubts.id_damage import mended, tell_damage, tell_outsize
from kartograph.loaders.shared.doubts.notations import notations
from kartograph.loaders.shared.doubts.parts import lists_told, refuse_lists, require_parts, tell_later_parts
from kartograph.loaders.shared.doubts.undone import undone
from kartograph.loaders.shared.doubts.unnamed import tell_unnamed, tell_zone
from kartograph.loaders.shared.doubts.unread import unread
from kartograph.loaders.shared.doubts.witness import fields_of, heard, unused_columns
from kartograph.loaders.shared.event_words import IGNORE
from kartograph.loaders.shared.item_columns import SAID, read_items, with_items
from kartograph.loaders.shared.recognizing.guess import guess_columns, letters_of
from kartograph.loaders.shared.recognizing.interaction_fields import HAS_CLOCK, interaction_fields, no_acts, row_faults
from kartograph.loaders.shared.recognizing.moment import first_times, moment_of, tell_clocks, with_parts
from kartograph.loaders.shared.recognizing.stand_ins import FirstGiven, stand_ins, tell_stand_ins
from kartograph.loaders.specifications.interactions import LOADER, PARTS, InteractionOptions
from kartograph.tables.engine import Rows, count_rows, store
from kartograph.tables.errors import BadInput
from kartograph.tables.events import TAKES_BACK
from kartograph.tables.formats.files import require_columns
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

_ZONES = (
    "timezone", "tz", "timezonename", "usertimezone", "localtimezone", "tzoffset", "timezoneoffset", "utcoffset",
    "gmtoffset", "tzid", "zone", "zoneid",
)  # fmt: skip
"""Names of columns that hold the zones of times."""
NO_SESSION = "-1"
"""What Amplitude and others write for an event outside of any session."""
_SHOWN = 20
"""Columns that are named at most."""
_IDS = {"user_id": "user", "item_id": "item", "session_id": "session", "category": "category"}


def read(path: str | Path, options: InteractionOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, neither users nor sessions are there, or too many rows are bad.
    """
    said = options or InteractionOptions()
    return read_layout(path, said, preset(said.preset) if said.preset else {}, progress)


def read_layout(
    path: str | Path, options: InteractionOptions, layout: Mapping[str, object], progress: Progress = silent
) -> Source:
    """Read a table of a known layout, as presets.toml and `Loader.layout` have it; what `options` say comes first."""
    options = with_preset(options, dict(layout))
    reader = open_reader(options.name, options, progress)
    files = reader.open(path)
    columns = _columns(reader, files[0], options, layout)
    refuse_lists(reader, files[0], columns["item"])
    report = reader.report
    report.columns.update(columns)
    said = {part: getattr(options, part) for part in PARTS}
    instead = {
        part: FirstGiven((columns[part], *others), options.no_users if part == "user" else None)
        for part, others in stand_ins(files[0].layout.columns, columns, said, layout).items()
    }
    further = {f"{part} else {column}": column for part, one in instead.items() for column in one.columns[1:]}
    report.columns.update({part: ", else ".join(one.columns) for part, one in instead.items()})
    unused = unused_columns(files, columns | further)
    more = f" and {len(unused) - _SHOWN:,} more" if len(unused) > _SHOWN else ""
    report.note(f"columns that are not used: {', '.join(unused[:_SHOWN])}{more}", len(unused))
    tell_later_parts(files, columns, report)
    tell_unnamed(unused, columns, report)
    zones = [name for name in unused if letters_of(name) in _ZONES]
    if zones and "time" in columns and options.timezone is None:
        words = (
            f"column {zones[0]!r} of zones that is not read: times without a zone are UTC unless --timezone says one"
        )
        report.remark(words, 1)
    elif "time" in columns and options.timezone is None:
        tell_zone(columns["time"], report)
    witnesses = [
        lists_told(columns["item"]),
        *undone(columns, unused),
        *notations(columns, options.decimal_comma),
    ]
    if "event" not in columns and options.rating_at_least is None:
        witnesses += unread(unused)
        tell_event_columns(reader, files[0], [name for name in unused if name in files[0].layout.columns])
    moment = moment_of(reader, files[0], columns)
    times = first_times(reader, files[0], columns.get("time"))
    tell_counts(times, options.times, report)
    clock = bare_clock(times)
    fields_read = interaction_fields(columns, options, moment, instead) | fields_of(witnesses)
    faults, excused = row_faults(columns, instead), no_acts(columns)
    rows: Rows = reader.table("interactions", files, fields_read, row_faults=faults, excused=excused)
    if excused is not None:
        rows = rows.mutate(event=ibis.ifelse(rows.item_id.isnull(), IGNORE, rows.event))
    rows = heard(rows, witnesses, report)
    rows = tell_stand_ins(rows, instead, report)
    if HAS_CLOCK in rows.columns:
        tell_clocks(moment, report, count_rows(rows), count_rows(rows.filter(~rows[HAS_CLOCK])))
        rows = rows.drop(HAS_CLOCK)
    rows = _completed(rows, columns, options, report)
    if clock is not None:
        tell_half_days(clock, rows, options.times, report)
    if options.repair_ids:
        ids = {name: mended(rows[name]) for name in _IDS if name in rows.columns}
        rows = rows.mutate(**ids)
    if options.no_users and "session" in columns:
        words = f"rows of user {options.no_users}, who is nobody: their session stays"
        rows = _without(rows, "user_id", options.no_users, words, report)
    if "user" in columns and "session" in columns:
        words = f"rows of session {NO_SESSION}, which is none: cut by their times"
        rows = _without(rows, "session_id", NO_SESSION, words, report)
    if options.told_once:
        ignored = (rows.event == IGNORE).cast("int8").max().over(ibis.window(group_by="session_id"))
        rows = rows.mutate(event=ibis.ifelse(rows.session_id.notnull() & (ignored == 1), IGNORE, rows.event))
    if options.no_items:
        fee = rows.item_id.upper().re_search(f"^(?:{options.no_items})$")
        report.note("rows whose item is none (--no-items)", count_rows(rows.filter(fee)))
        rows = rows.filter(~fee)
    rows = store("interactions", _counted(rows, options, report), rows.get_backend())
    ids = {name: what for name, what in _IDS.items() if name in rows.columns}
    tell_damage(rows, ids, options.repair_ids, report)
    tell_outsize(rows, {name: ids[name] for name in ("user_id", "item_id", "session_id")}, report)
    tables = [rows]
    if options.items:
        at = (rows.timestamp.max().to_pyarrow().as_py() or 0) + 1
        named = {part: getattr(options, part) for part in ("item", *SAID)}
        elsewhere = _elsewhere(options, files[0].layout.columns)
        tables.append(
            read_items(reader, options.items, at, rows, named, elsewhere, options.repair_ids, options.decimal_comma)
        )
    return with_items(options.name, rows, tables, reader)


load = LOADER.load


def _columns(
    reader: Reader, table: TableFile, options: InteractionOptions, layout: Mapping[str, object]
) -> dict[str, str]:
    """The column of each part: the one that is said, that of the preset, else one with a usual name."""
    present = table.layout.columns
    elsewhere = _elsewhere(options, present)
    said = {part: None if part in elsewhere else getattr(options, part) for part in PARTS}
    require_columns(table.shown, present, [column for column in said.values() if column is not None])
    known = columns_of(dict(layout), present)
    columns = guess_columns(present, {part: column or known.get(part) for part, column in said.items()})
    if options.default_event is not None and layout and "event" not in known and said["event"] is None:
        columns.pop("event", None)
    if options.rating_at_least is None:
        columns.pop("rating", None)
    elif "rating" not in columns:
        raise BadInput(f"--rating-at-least needs a column of ratings in {table.shown}. Name it with --rating.")
    require_parts(reader, table, columns)
    return with_parts(reader, table, columns)


def _elsewhere(options: InteractionOptions, present: Sequence[str]) -> list[str]:
    """The parts of items whose column was named and that the events do not have, but the table of items should."""
    named = [(part, getattr(options, part)) for part in SAID if options.items]
    return [part for part, column in named if column is not None and column not in present]


def _completed(rows: Rows, columns: Mapping[str, str], options: InteractionOptions, report: Report) -> Rows:
    """The rows with all columns of an interaction, and what is missing in words."""
    absent = {
        "user_id": ibis.null("string"),
        "event": ibis.literal(options.default_event or "view"),
        "timestamp": ibis.null("int64"),
        "session_id": ibis.null("string"),
        "position": ibis.null("int64"),
        "quantity": ibis.literal(1.0),
    }
    rows = rows.mutate(**{name: value for name, value in absent.items() if name not in rows.columns})
    if "event" not in columns and options.default_event is None:
        words = (
            "rows that count as views, for no column says the event (--event names it, --default-event buy says all)"
        )
        report.note(words, count_rows(rows))
    if not {"time", "date", "year"} & columns.keys():
        report.note("rows without a time, for no column says it (--time names it)", count_rows(rows))
    if "user" in columns and "session" in columns:
        nobody = count_rows(rows.filter(rows.user_id.isnull()))
        report.note(f"rows without {columns['user']}, their session stays", nobody)
    return rows


def _without(rows: Rows, name: str, word: str, words: str, report: Report) -> Rows:
    """The rows with nothing in place of a word in one column; `words` say so, with their number."""
    report.note(words, count_rows(rows.filter(rows[name] == word)))
    return rows.mutate(**{name: rows[name].nullif(word)})


def _counted(rows: Rows, options: InteractionOptions, report: Report) -> Rows:
    """The rows that count: acts on items, rated well enough; a purchase of less than nothing is a return."""
    quantity = rows.quantity.fill_null(1.0)
    event = ibis.cases(
        *(((rows.event == kind) & (quantity < 0), back) for back, kind in TAKES_BACK.items()),
        (rows.event.notin(list(TAKES_BACK)) & (quantity <= 0), IGNORE),
        else_=rows.event,
    )
    rows = rows.mutate(event=event, quantity=quantity.abs().nullif(1.0))
    report.note("rows that are no act on an item, left out", count_rows(rows.filter(rows.event == IGNORE)))
    rows = rows.filter(rows.event != IGNORE)
    if options.rating_at_least is not None:
        low = rows.rating.isnull() | (rows.rating < options.rating_at_least)
        report.note(f"ratings below {options.rating_at_least:g} or none, left out", count_rows(rows.filter(low)))
        rows = rows.filter(~low)
    return rows


if __name__ == "__main__":
    sys.exit(LOADER.main())
