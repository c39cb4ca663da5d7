"""Tests of the number of events and the checksum of their keys."""

import hashlib

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.tables.contents.tally import Tally, tally_of

KEYS = ["0000000a" + "f" * 24, "00000010" + "0" * 24]


def table(keys):
    return ibis.memtable({"event_key": keys}, schema={"event_key": "string"})


def test_the_checksum_adds_up_the_first_eight_digits_of_the_keys():
    assert tally_of(table(KEYS)) == Tally(2, 0x0000000A + 0x00000010)
    assert tally_of(table([])) == Tally(0, 0)
    assert Tally(2, 26).checksum == "000000000000001a"


@given(st.lists(st.text(), unique=True, min_size=1, max_size=30), st.data())
@settings(deadline=None, max_examples=20)  # each makes three tables
def test_parts_add_up_in_any_order_and_what_goes_is_subtracted(texts, data):
    keys = [hashlib.md5(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
    cut = data.draw(st.integers(0, len(keys)))
    whole = tally_of(table(data.draw(st.permutations(keys))))
    first, second = tally_of(table(keys[:cut])), tally_of(table(keys[cut:]))
    assert first + second == whole
    assert whole - second == first
    assert whole.total == sum(int(key[:8], 16) for key in keys)


def test_one_changed_key_changes_the_checksum():
    assert tally_of(table([KEYS[0], "00000011" + "0" * 24])) != tally_of(table(KEYS))
