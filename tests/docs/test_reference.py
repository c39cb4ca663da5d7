"""The pages that are made of the code say what the code says."""

from importlib import import_module

import pytest

from kartograph.reference import PAGES, docstrings, errors, markdown


@pytest.mark.parametrize("name", PAGES)
def test_no_generated_page_is_stale(name):
    module = import_module(f"kartograph.reference.{name}")
    assert module.PAGE.read_text("utf-8") == module.page(), f"run python -m kartograph.reference.{name}"


def test_every_error_says_when_it_is_raised_and_what_to_do():
    known = list(errors.classes())
    assert {"KartographError", "GaveUp", "Stopped", "TooManyPatterns"} <= {one.__name__ for one in known}
    for one in known:
        assert "\nRaised: " in (one.__doc__ or "").replace("    ", ""), one
        assert "\nRemedy: " in (one.__doc__ or "").replace("    ", ""), one


def test_bars_and_line_ends_stay_in_their_cells():
    assert markdown.table(("a", "b"), [("x|y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |"


def test_markup_in_formulas_is_kept_from_being_markup():
    assert docstrings.as_markdown("a * b and `a * b`, <T> but 1 < 2") == "a \\* b and `a * b`, \\<T> but 1 < 2"


def test_signatures_are_those_of_the_source():
    def asked(users: list[str], *, k: int = 5, progress=None) -> None:
        """What was asked."""

    assert docstrings.function(asked).signature == "asked(users: list[str], *, k: int=5, progress=None)"
    assert docstrings.function(asked).text == "What was asked."
