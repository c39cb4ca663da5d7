"""Tests of the cutting of changes into transactions: every unit whole in one block, whatever is old or new."""

from collections import Counter

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kartograph.graph.live import blocks as module
from kartograph.graph.live.blocks import blocks
from kartograph.tables.derived.incremental import Changes
from kartograph.tables.engine import Engine
from kartograph.tables.schema import SESSION_ITEMS, SESSIONS, USER_ITEMS, USERS

SCHEMAS = {
    "sessions_removed": {"session_id": "string"},
    "session_items_removed": {"session_id": "string", "event_key": "string"},
    "users_added": USERS,
    "users_changed": USERS,
    "sessions_added": SESSIONS,
    "sessions_changed": SESSIONS,
    "session_items_added": {**SESSION_ITEMS, "kept": "boolean", "fresh": "boolean"},
    "session_items_changed": SESSION_ITEMS,
    "user_items_added": USER_ITEMS,
    "user_items_changed": USER_ITEMS,
    "user_items_removed": {"user_id": "string", "item_id": "string", "event": "string"},
}


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened


def changes_of(engine, units):
    """Changes of which each unit has a row in the tables named; a row's keys are made of its unit and its number."""

    def row(schema, unit, number):
        text = {"event": "view", "session_id": f"{unit}@1", "user_id": unit, "named": None, "category_id": None}
        made = {name: text.get(name, f"{name} {number}") for name, kind in schema.items() if "string" in str(kind)}
        others = {name: number for name in schema if name not in made}
        said = {"fresh": True, "kept": True, "anonymous": None, "taken_back": None}
        return {**made, **others, **{name: value for name, value in said.items() if name in schema}, "unit": unit}

    tables = {}
    for name, schema in SCHEMAS.items():
        rows = [row(schema, unit, n) for unit, filled in units.items() for n in range(filled.get(name, 0))]
        whole = ibis.schema({**schema, "unit": "string"})
        listed = [tuple(one[column] for column in whole) for one in rows]
        tables[name] = engine.store(name, ibis.memtable(listed, schema=whole))
    return Changes(**tables, new_events=0, known_events=0)


def found_in(block):
    """How often each unit stands in the statements of a block."""
    result = Counter()
    for name, values in block.statements:
        if name == "create":
            result.update(row[0] for row in values["users"])
            result.update(row[0].partition("@")[0] for row in values["sessions"])
            result.update(values["known"])
            continue
        for row in values["rows"] if "rows" in values else values["sessions"]:
            key = row["session"] if isinstance(row, dict) else row if isinstance(row, str) else row[0]
            result[key.partition("@")[0]] += 1
    return result


def check(engine, units, size, at_once, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    made = list(blocks(changes_of(engine, units), size))
    places = Counter(unit for block in made for unit in found_in(block))
    assert places == Counter({unit: 1 for unit, filled in units.items() if filled})
    fresh = sum(filled.get("session_items_added", 0) for filled in units.values())
    assert sum(block.rows for block in made) == fresh


def test_one_known_user_before_many_new_ones_fills_groups_of_blocks_that_lack_its_tables(engine, monkeypatch):
    known = {"users_changed": 1, "sessions_added": 1, "session_items_added": 1, "user_items_changed": 1}
    new = {"users_added": 1, "sessions_added": 1, "session_items_added": 1, "user_items_added": 1}
    units = {"z known": known, **{f"a new {n}": new for n in range(6)}}
    check(engine, units, 4, 2, monkeypatch)


FILLED = st.fixed_dictionaries({}, optional={name: st.integers(1, 3) for name in SCHEMAS})


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([f"u{n}" for n in range(9)]), FILLED, max_size=9), st.integers(1, 6))
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_whatever_is_old_or_new_every_unit_lies_whole_in_one_block(engine, units, size):
    with pytest.MonkeyPatch.context() as monkeypatch:
        check(engine, units, size, 2, monkeypatch)
