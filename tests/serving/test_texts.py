"""Ids as bytes: every id is found in its row, and none that is not there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.serving.bundle.texts import NONE, Texts, packed

ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(deadline=None)
@given(st.sets(ids), ids)
def test_an_id_is_found_in_its_row(known: set[str], other: str) -> None:
    ordered = sorted(known, key=str.encode)
    texts = Texts(*packed(ordered))
    assert [texts.row(text) for text in ordered] == list(range(len(ordered)))
    assert [texts[row] for row in range(len(texts))] == ordered
    assert texts.several([*reversed(range(len(texts)))]) == ordered[::-1]
    assert texts.row(other) == (ordered.index(other) if other in known else NONE)
