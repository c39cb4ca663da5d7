"""The purity of attributes within sessions."""

import numpy as np
import pytest

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.individuals import catalogue_of
from kartograph.ontology.owl.schema import Attribute, ClassDescription, Schema
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import space_of
from kartograph.ontology.vocabulary import Kind
from kartograph.ontology.weights.purity import PurityOptions, average_purity, purity_weights, random_sessions
from kartograph.tables.errors import BadInput


def space(**columns: list):
    attributes = tuple(Attribute(f"urn:{n}", n, n, Kind.NOMINAL) for n in columns)
    schema = Schema("T", {"T": ClassDescription("urn:T", "T", "t", attributes, frozenset())}, (), frozenset())
    ids = [f"t{i}" for i in range(len(next(iter(columns.values()))))]
    known = {n: [(i, v) for i, v in zip(ids, values, strict=True) if v] for n, values in columns.items()}
    cells = {n: ([i for i, _ in pairs], [v for _, v in pairs]) for n, pairs in known.items()}
    return space_of(catalogue_of(schema, {"T": ids}, {}, {"T": cells}), Measure.ED)


def sessions(*lists: list[int]) -> Sessions:
    return Sessions(np.cumsum([0, *map(len, lists)]), np.array([i for items in lists for i in items]))


def test_purity_is_the_share_of_equal_pairs_averaged_over_sessions():
    colours = space(colour=["red", "red", "blue", "blue"])
    assert average_purity(colours, sessions([0, 1, 2], [2, 3])).tolist() == [(1 / 3 + 1) / 2]


def test_unknown_values_make_no_pairs_and_sessions_without_pairs_do_not_count():
    colours = space(colour=["red", "red", None, "blue"], never=[None] * 4)
    assert average_purity(colours, sessions([0, 1, 2], [2, 3])).tolist() == [1, 0]


def test_random_sessions_have_the_same_sizes_other_contents_and_no_repeats():
    real = sessions(*[[i % 40, (i + 1) % 40, (i + 2) % 40] for i in range(60)], [5, 6])
    drawn = random_sessions(real, seed=1)
    assert (drawn.sizes == real.sizes).all() and set(drawn.items) <= set(real.items)
    assert all(len(set(drawn.items[a:b])) == b - a for a, b in zip(drawn.starts, drawn.starts[1:], strict=False))
    assert (drawn.items != real.items).any()
    assert (drawn.items == random_sessions(real, seed=1).items).all()


def test_a_session_of_everything_can_be_drawn():
    assert sorted(random_sessions(sessions([0, 1, 2, 3]), seed=0).items) == [0, 1, 2, 3]


def test_what_visitors_stick_to_counts_fully_and_what_they_avoid_counts_its_ratio():
    # 40 items: sessions keep to one colour, and always mix the sizes, of which chance would repeat half.
    colour = ["red" if i < 20 else "blue" for i in range(40)]
    size = ["big" if i % 2 else "small" for i in range(40)]
    rare = [f"only {i}" for i in range(40)]
    real = sessions(*[[i, i + 1] for i in range(19)], *[[i, i + 1] for i in range(20, 39)])
    weights, table = purity_weights(space(colour=colour, size=size, rare=rare), real)
    table = table.set_index("attribute")
    assert table.loc["colour", "real"] == 1 and weights["colour"] == 1
    assert weights["size"] == table.loc["size", "ratio"] == 0
    # An attribute that never agrees by chance has no ratio.
    assert table["ratio"].isna()["rare"] and weights["rare"] == 1


@pytest.mark.parametrize(("threshold", "weight"), [(1.1, 1.0), (5.0, 0.9)])
def test_the_threshold_decides_between_important_and_not(threshold, weight):
    colour = ["red" if i < 20 else "blue" for i in range(40)]
    real = sessions(*[[i, i + 1] for i in range(19)], *[[i, i + 1] for i in range(20, 39)])
    weights, _ = purity_weights(space(colour=colour), real, options=PurityOptions(threshold=threshold))
    assert weights["colour"] == weight


def test_without_sessions_of_two_items_purity_is_unknown():
    with pytest.raises(BadInput, match="no learning session has two items, so purity is unknown"):
        purity_weights(space(colour=["red"]), sessions([0]))
