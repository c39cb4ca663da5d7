"""The pages that are made of the code say what the code says."""

import re
from importlib import import_module

import pytest

from kartograph.models import registry
from kartograph.reference import FILLED, FOLDERS, PAGES, docstrings, errors, markdown, model_options, model_pages


@pytest.mark.parametrize("name", PAGES)
def test_no_generated_page_is_stale(name):
    module = import_module(f"kartograph.reference.{name}")
    assert module.PAGE.read_text("utf-8") == module.page(), f"run python -m kartograph.reference.{name}"


@pytest.mark.parametrize("name", FILLED)
def test_no_part_of_a_page_is_stale(name):
    made = import_module(f"kartograph.reference.{name}").pages()
    stale = [file.name for file, text in made.items() if file.read_text("utf-8") != text]
    assert stale == [], f"run python -m kartograph.reference.{name}"


@pytest.mark.parametrize("name", FOLDERS)
def test_no_page_of_a_folder_is_stale_missing_or_too_many(name):
    module = import_module(f"kartograph.reference.{name}")
    kept = {one.name: one.read_text("utf-8") for one in module.FOLDER.iterdir()}
    assert kept == module.pages(), "run python -m kartograph.reference"


def test_every_page_of_a_model_has_its_source_and_says_what_each_option_means():
    for name, text in model_pages.pages().items():
        assert re.search(r"^Sources?: ", text, re.MULTILINE), name
        options = [line for line in text.splitlines() if re.match(r"\| `[\w.]+` \| .+ \| `.*` \|", line)]
        assert not [line for line in options if line.endswith("|  |")], name


def test_every_name_of_the_registry_is_on_one_page_and_presets_say_what_they_change():
    on_pages = [one.name for family in model_pages.families() for one, _ in family.members]
    assert sorted(on_pages) == sorted(registry.names())
    stan = model_pages.pages()["stan.md"]
    assert "- `stan-users`: `neighbours` `100`, " in stan
    assert "- `stan`: the defaults; tuned for sequences\n" in stan


def test_options_are_written_as_the_command_takes_them():
    assert [model_options.value(one) for one in (None, True, ("a", "b"), 0.5, "cpu")] == [
        *("`null`", "`true`", '`["a", "b"]`', "`0.5`", "`cpu`"),
    ]


def test_every_error_says_when_it_is_raised_and_what_to_do():
    known = list(errors.classes())
    assert {"KartographError", "GaveUp", "Stopped", "TooManyPatterns"} <= {one.__name__ for one in known}
    for one in known:
        assert "\nRaised: " in (one.__doc__ or "").replace("    ", ""), one
        assert "\nRemedy: " in (one.__doc__ or "").replace("    ", ""), one


def test_bars_and_line_ends_stay_in_their_cells():
    assert markdown.table(("a", "b"), [("x|y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |"


def test_parameters_are_a_list():
    text = "Do it.\n\nParameters\n----------\none\n    The first,\n    in lines.\ntwo\n    Next.\n\nRaises `E`."
    listed = "Do it.\n\n- `one`: The first,\n    in lines.\n- `two`: Next.\n\nRaises `E`."
    assert docstrings.parameters_as_list(text) == listed
    assert docstrings.parameters_as_list("Plain.") == "Plain."


def test_markup_in_formulas_is_kept_from_being_markup():
    assert docstrings.as_markdown("a * b and `a * b`, <T> but 1 < 2") == "a \\* b and `a * b`, \\<T> but 1 < 2"


def test_signatures_are_those_of_the_source():
    def asked(users: list[str], *, k: int = 5, progress=None) -> None:
        """What was asked."""

    assert docstrings.function(asked).signature == "asked(users: list[str], *, k: int=5, progress=None)"
    assert docstrings.function(asked).text == "What was asked."
