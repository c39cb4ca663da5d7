"""The pictures of the sample shop: one for each thing, whole, small, and in the colour of its look."""

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from kartograph.loaders.generated.sample_drawings import DRAWINGS
from kartograph.loaders.generated.sample_names import THINGS
from kartograph.loaders.generated.sample_pictures import address, svg
from kartograph.loaders.generated.sample_things import LOOKS, plural


def test_every_thing_has_a_drawing_and_every_drawing_a_thing():
    assert sorted(DRAWINGS) == sorted(THINGS)
    assert len(set(DRAWINGS.values())) == len(THINGS) == 60


@pytest.mark.parametrize("thing", THINGS)
def test_a_picture_is_whole_and_small_and_differs_by_look(thing):
    shown = [svg(thing, look) for look in LOOKS]
    assert len(set(shown)) == len(LOOKS)
    root = ElementTree.fromstring(shown[0])
    assert root.get("viewBox") == "0 0 64 64"
    assert len(root) > 2
    assert all(one.get("fill") for one in root)
    assert len(shown[0]) < 1_500


def test_a_circle_a_line_and_the_tones_of_a_colour_are_drawn_as_declared():
    kettle = svg("kettle", "Copper")
    assert "<circle fill='#3d424e' cx='32' cy='24' r='3'/>" in kettle
    assert "fill='#c46f45'" in kettle  # the colour of copper
    # a third darker: 196 · 0.68, 111 · 0.68, 69 · 0.68
    assert "stroke='#854b2f' stroke-width='3'" in kettle


def test_an_address_holds_the_picture_and_needs_no_quotes_in_a_file():
    text = address("teapot", "Blue")
    assert text.startswith("data:image/svg+xml,")
    assert unquote(text.partition(",")[2]) == svg("teapot", "Blue")
    assert not set('"<># \n') & set(text)


def test_plurals_are_english():
    assert [plural(thing) for thing in ("kettle", "scarf", "trainers", "chest of drawers")] == [
        *("kettles", "scarves", "trainers", "chests of drawers"),
    ]
