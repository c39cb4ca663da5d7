"""A declaration is read whole, or refused with a line for every fault."""

import pytest

from kartograph.pipeline.declaration import Threshold, read_declaration
from kartograph.tables.errors import BadInput

LEAST = """
[[sources]]
loader = "interactions"
path = "events.csv"
[train]
models = ["popularity"]
"""


def read(tmp_path, text):
    file = tmp_path / "shop.toml"
    file.write_text(text, "utf-8")
    return read_declaration(file)


def faults(tmp_path, text) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    return str(caught.value).splitlines()


def test_the_least_that_a_file_needs(tmp_path):
    declared = read(tmp_path, LEAST)
    assert declared.shop.name == "shop"
    assert declared.sources[0].path == str(tmp_path / "events.csv")
    assert declared.sources[0].mode == "live"
    assert declared.gate.margin == 0.02
    assert declared.gate.measured == "NDCG@20"
    assert declared.publish.keep_days is None


def test_a_bound_that_is_a_number_stops_or_warns_and_leaves_the_other_as_it_was(tmp_path):
    checks = read(tmp_path, LEAST + "[checks]\nshrink = 0.4\ndrift = 0.3\ngrow = { warn = 3, stop = 9 }\n").checks
    assert checks.shrink == Threshold(warn=0.8, stop=0.4)
    assert checks.drift == Threshold(warn=0.3, stop=None)
    assert checks.grow == Threshold(warn=3, stop=9)


def test_options_of_the_loader_stand_beside_its_path(tmp_path):
    text = LEAST.replace("[train]", 'user = "visitor"\nevent_map = ["fav=view"]\nrating_at_least = 3\n[train]')
    options = read(tmp_path, text).sources[0].options
    assert options == {"user": "visitor", "event_map": ["fav=view"], "rating_at_least": 3}


@pytest.mark.parametrize(
    ("added", "line"),
    [
        (
            '[gate]\nmeasure = "F1"',
            "shop.toml line 8, gate.measure: received 'F1', allowed: 'HR', 'MRR', 'NDCG', 'Recall', 'Precision' or "
            "'MAP'.",
        ),
        ("[gate]\nk = 5\nmargin = 3", "shop.toml line 9, gate.margin: received 3, allowed: less than or equal to 1."),
        (
            "[checks]\nshrnk = 1",
            "shop.toml line 8, checks.shrnk: received a key that does not exist, allowed are shrink, grow, rejects, "
            "nulls, event_share, new_users, new_items, gap_hours, drift.",
        ),
        (
            '[checks]\ndrift = "x"',
            "shop.toml line 8, checks.drift: received 'x', allowed: a number, or a table as "
            "{ warn = 0.1, stop = 0.5 }.",
        ),
        (
            '[shop]\nname = "My shop"',
            "shop.toml line 8, shop.name: received 'My shop', allowed: 1 to 63 of the characters a-z, 0-9, _ and -, "
            "the first a letter or a digit.",
        ),
        (
            "[publish]\nkeep_days = 0",
            "shop.toml line 8, publish.keep_days: received 0, allowed: greater than or equal to 1.",
        ),
        (
            '[[sources]]\nloader = "sessions"\npath = "s.csv"\nmode = "bulk"',
            "shop.toml, the whole file: received mode bulk for source 2; allowed is bulk for the first one alone, for "
            "it replaces the shop.",
        ),
        (
            '[[sources]]\nloader = "sessions"\npath = "s.csv"\nuser = "u"',
            "shop.toml line 7, sources.2: received the key 'user', which sessions does not have; allowed are loader, "
            "path, mode, delimiter, columns, encoding, null.",
        ),
        (
            "[gates]",
            "shop.toml line 7, gates: received a key that does not exist, allowed are shop, sources, checks, train, "
            "gate, publish.",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_its_place_and_what_is_allowed(tmp_path, added, line):
    assert faults(tmp_path, LEAST.lstrip() + "\n" + added + "\n") == [line]


def test_every_fault_has_its_line(tmp_path):
    text = '[[sources]]\nloader = "x"\n[[sources]]\nloader = "sessions"\npath = "a"\nmode = "y"\n[train]\nmodels = []\n'
    assert [line.split(":")[0] for line in faults(tmp_path, text)] == [
        "shop.toml line 2, sources.1.loader",
        "shop.toml line 1, sources.1.path",
        "shop.toml line 6, sources.2.mode",
        "shop.toml line 8, train.models",
    ]


def test_a_model_and_an_option_that_do_not_exist_are_refused(tmp_path):
    [line] = faults(tmp_path, LEAST.replace("popularity", "popularty"))
    assert line.startswith("shop.toml line 5, train: received the model 'popularty'; allowed are ")
    [line] = faults(tmp_path, LEAST + "options = { popularity = { neighbours = 3 } }\n")
    assert line == "shop.toml line 5, train: received \"popularity\" has no option 'neighbours'. Options are share."


@pytest.mark.parametrize(
    ("text", "words"), [("[shop", "is not TOML"), ("", "shop.toml, sources: is missing"), (None, "cannot be read")]
)
def test_a_file_that_is_none_is_said_to_be_so(tmp_path, text, words):
    if text is None:
        with pytest.raises(BadInput, match=words):
            read_declaration(tmp_path / "none.toml")
    else:
        assert words in "\n".join(faults(tmp_path, text))
