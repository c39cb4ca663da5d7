"""Counts that people read have the noun that goes with them."""

from kartograph.tables.errors import refusal_of
from kartograph.tables.report import counted


def test_one_is_singular_and_all_else_plural_with_commas_in_large_numbers():
    assert [counted(number, "line") for number in (0, 1, 2000)] == ["0 lines", "1 line", "2,000 lines"]


def test_a_refusal_is_our_sentence_alone():
    assert refusal_of({"msg": "Value error, pin takes items"}) == "pin takes items"
    assert refusal_of({"msg": "Field required"}) == "Field required"
