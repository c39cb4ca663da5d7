"""The paper's rules as worked examples, and what must hold for every ontology."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.ontology.compare.columns import Measure, columns_of
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.owl.individuals import Catalogue, catalogue_of
from kartograph.ontology.owl.schema import Attribute, ClassDescription, Schema
from kartograph.ontology.similarity import (
    Unknown,
    blocks,
    neighbours,
    similarities,
    similarities_of_sets,
    similarity_matrix,
    space_of,
)
from kartograph.ontology.suggest import sessions_as_objects
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput

EMMA, ODES, LAWS, BOTH, BARE = range(5)
# The shelf of conftest.py: years 0, 0.5, 1, 1; prices 0, 1, 0.5; Ann is born in 1880 and counts as 1900.


def of(catalogue, measure, one, other, weights=None, **options):
    """What one of two items lacks is left out, where no option says otherwise."""
    options.setdefault("unknown", Unknown.LEFT_OUT)
    space = space_of(catalogue, measure, **options)
    return float(similarities(space, np.array([one]), weights)[0, other])


def one_attribute(kind: Kind, values: list[list], **annotations) -> Catalogue:
    """A catalogue of things with a single attribute `a`."""
    attribute = Attribute("urn:a", "a", "a", kind, **annotations)
    schema = Schema("T", {"T": ClassDescription("urn:T", "T", "thing", (attribute,), frozenset())}, (), frozenset())
    ids = [f"t{row}" for row in range(len(values))]
    pairs = [(i, v) for i, of_one in zip(ids, values, strict=True) for v in of_one]
    return catalogue_of(schema, {"T": ids}, {}, {"T": {"a": ([i for i, _ in pairs], [v for _, v in pairs])}})


def test_numbers_are_scaled_over_the_catalogue_and_compared_by_their_distance():
    years = one_attribute(Kind.NUMERIC, [[1900], [1925], [2000]])
    assert of(years, Measure.ED, 0, 1) == pytest.approx(1 - 25 / 100)
    assert of(years, Measure.ED, 0, 2) == 0


def test_births_before_the_floor_count_as_the_floor():
    births = one_attribute(Kind.NUMERIC, [[1850], [1890], [1950], [2000]], floor=1900)
    assert of(births, Measure.ED, 0, 1) == 1
    assert of(births, Measure.ED, 0, 2) == pytest.approx(1 - 50 / 100)


def test_declared_ends_of_the_scale_replace_those_of_the_catalogue():
    scores = one_attribute(Kind.NUMERIC, [[4], [6]], minimum=0.0, maximum=10.0)
    assert of(scores, Measure.ED, 0, 1) == pytest.approx(1 - 2 / 10)


def test_paper_quality_has_the_positions_of_the_paper(books_schema):
    levels = books_schema.classes["Book"].attribute("quality").levels
    paper = one_attribute(Kind.ORDINAL, [["coated"], ["first pulp"], ["third pulp"]], levels=levels)
    assert of(paper, Measure.ED, 0, 1) == pytest.approx(1 - (1.00 - 0.66))
    assert of(paper, Measure.ED, 0, 2) == 0


def test_category_is_1_if_equal_a_half_within_its_group_and_0_otherwise(books_schema):
    groups = books_schema.classes["Book"].attribute("category").groups
    values = [["Fiction"], ["Fiction"], ["Poetry"], ["Nonfiction"], ["Literature"], ["Atlas"]]
    category = one_attribute(Kind.GROUPED, values, groups=groups)
    assert similarity_matrix(space_of(category, Measure.ED))[0].tolist() == [1, 1, 0.5, 0, 0.5, 0]


def test_an_item_of_two_categories_is_compared_by_the_best_matches():
    category = one_attribute(Kind.GROUPED, [["Fiction", "Law"], ["Poetry"]], groups={"Fiction": "L", "Poetry": "L"})
    assert of(category, Measure.ED, 0, 1) == ((0.5 + 0) / 2 + 0.5) / 2
    assert of(category, Measure.ED, 0, 0) == 1


def test_sets_of_names_are_compared_by_intersection_over_union():
    actors = one_attribute(Kind.NOMINAL_SET, [["a", "b", "c"], ["b", "c", "d"], ["e"]])
    assert of(actors, Measure.ED, 0, 1) == 2 / 4
    assert of(actors, Measure.ED, 0, 2) == 0


def test_sets_of_numbers_are_compared_by_the_mean_of_all_pairs_and_then_differ_from_themselves():
    scores = one_attribute(Kind.NUMERIC_SET, [[0, 10], [5]])
    assert of(scores, Measure.ED, 0, 1) == (0.5 + 0.5) / 2
    assert of(scores, Measure.ED, 0, 0) == (1 + 0 + 0 + 1) / 4


def test_sets_of_numbers_compared_by_best_matches_equal_themselves():
    scores = one_attribute(Kind.NUMERIC_SET, [[0, 10], [5], [0, 4]])
    assert of(scores, Measure.ED, 0, 0, matching=Matching.BEST) == 1
    assert of(scores, Measure.ED, 0, 2, matching=Matching.BEST) == pytest.approx(((1 + 0.4) / 2 + (1 + 0.6) / 2) / 2)


def test_ed_of_two_books_by_hand(shelf):
    # Emma and the Odes: price 1 apart, year 0.5, category in one group, the same author.
    d = [1.0, 0.5, 0.5, 0.0]
    assert of(shelf, Measure.ED, EMMA, ODES) == pytest.approx(1 - sqrt(sum(x * x for x in d) / 4))


def test_weights_enter_ed_squared(shelf):
    w = {"price": 0.5, "category": 0.2}
    top = 0.5**2 * 1 + 1 * 0.5**2 + 0.2**2 * 0.5**2 + 0
    assert of(shelf, Measure.ED, EMMA, ODES, w) == pytest.approx(1 - sqrt(top / (0.5**2 + 1 + 0.2**2 + 1)))


def test_cs_multiplies_numbers_and_compares_the_rest(shelf):
    # The Odes (price 1, year 0.5) and the Laws (price 0.5, year 1): other categories, other authors.
    b = 1 * 0.5 + 0.5 * 1 + 0 + 0
    assert of(shelf, Measure.CS, ODES, LAWS) == pytest.approx(b / sqrt((1 + 0.25 + 1 + 1) * (0.25 + 1 + 1 + 1)))


def test_weights_enter_cs_squared(shelf):
    w = {"price": 0.5, "writtenBy": 0.1}
    b = 0.25 * 0.5 + 0.5
    norms = (0.25 * 1 + 0.25 + 1 + 0.01) * (0.25 * 0.25 + 1 + 1 + 0.01)
    assert of(shelf, Measure.CS, ODES, LAWS, w) == pytest.approx(b / sqrt(norms))


def test_a_missing_value_leaves_its_attribute_out_of_both_sums(shelf):
    # "Both" has no price; the Laws have. Year equal, category differs, one of two authors shared.
    assert of(shelf, Measure.ED, LAWS, BOTH) == pytest.approx(1 - sqrt((0 + 1 + 0.5**2) / 3))
    # The numbers of the other attributes stay in the norms of CS: only the year is one here.
    assert of(shelf, Measure.CS, LAWS, BOTH) == pytest.approx((1 + 0 + 0.5) / sqrt(3 * 3))


def test_items_that_share_no_known_attribute_cannot_be_compared(shelf):
    for measure in Measure:
        assert np.isnan(similarity_matrix(space_of(shelf, measure, unknown=Unknown.LEFT_OUT))[BARE]).all()


def test_with_all_weights_zero_every_similarity_is_zero(shelf):
    space = space_of(shelf, Measure.EED1)
    assert (similarity_matrix(space, dict.fromkeys(space.names, 0.0)) == 0).all()


def test_plain_measures_know_the_author_by_name_and_extended_ones_by_attributes(shelf):
    plain = [c.name for c in columns_of(shelf, Measure.CS)]
    assert plain == ["area", "category", "newPublication", "price", "publicationYear", "writtenBy"]
    author = [c.name for c in columns_of(shelf, Measure.ECS) if c.name.startswith("writtenBy")]
    assert author == [f"writtenBy.{part}" for part in ("identity", "birthYear", "numberOfBooks", "writesIn")]
    assert [c.name for c in columns_of(shelf, Measure.EED2)] == plain


def test_asked_for_all_attributes_the_extended_measures_have_the_paper_s_eleven_genes(shelf):
    everything = tuple(a.name for a in shelf.schema.classes["Book"].attributes)
    assert len(columns_of(shelf, Measure.EED1, everything)) == 7 + 4


def test_eed_1_puts_the_author_s_attributes_in_line(shelf):
    # Emma by Ann (born 0, 10 of 10 books), the Laws by Bob (born 1, 5 of 10 books); 1 of 3 categories shared.
    d = [0.5, 1, 1, 1, 1, 1 - 5 / 10, 1 - 1 / 3]  # price, year, category, author, birth, books, categories
    assert of(shelf, Measure.EED1, EMMA, LAWS) == pytest.approx(1 - sqrt(sum(x * x for x in d) / 7))


def test_eed_2_compares_the_authors_first(shelf):
    author = sqrt((1 + 1 + 0.5**2 + (2 / 3) ** 2) / 4)
    d = [0.5, 1, 1, author]
    assert of(shelf, Measure.EED2, EMMA, LAWS) == pytest.approx(1 - sqrt(sum(x * x for x in d) / 4))


def test_weights_inside_of_eed_2_weigh_the_authors_attributes(shelf):
    w = {"writtenBy.identity": 0.0, "writtenBy.birthYear": 0.0, "writtenBy": 0.5}
    author = sqrt((0.5**2 + (2 / 3) ** 2) / 2)
    top = 0.5**2 + 1 + 1 + 0.5**2 * author**2
    assert of(shelf, Measure.EED2, EMMA, LAWS, w) == pytest.approx(1 - sqrt(top / (3 + 0.25)))


def test_eed_1_pools_the_values_of_co_authors(shelf):
    # Emma by Ann; "Both" by Ann and Bob: births {0} and {0, 1}, books {1} and {1, 0.5}, 2 of 3 categories shared.
    d = [
        1,
        0,
        1 / 2,
        1 - (1 + 0) / 2,
        1 - (1 + 0.5) / 2,
        1 - 2 / 3,
    ]  # year, category, identity, birth, books, categories
    assert of(shelf, Measure.EED1, EMMA, BOTH) == pytest.approx(1 - sqrt(sum(x * x for x in d) / 6))


def test_eed_2_averages_the_distances_of_co_authors(shelf):
    ann_bob = sqrt((1 + 1 + 0.5**2 + (2 / 3) ** 2) / 4)
    d = [1, 0, (0 + ann_bob) / 2]
    assert of(shelf, Measure.EED2, EMMA, BOTH) == pytest.approx(1 - sqrt(sum(x * x for x in d) / 3))


def test_expected_values_replace_what_one_item_lacks_and_the_rest_is_left_out():
    years = one_attribute(Kind.NUMERIC, [[0], [10], []])
    mean = (0 + 1 + 1 + 0) / 4  # of the squared distances of all pairs of known items
    matrix = similarity_matrix(space_of(years, Measure.ED, unknown=Unknown.EXPECTED))
    assert matrix[0, 2] == pytest.approx(1 - sqrt(mean))
    assert matrix[0, 1] == 0 and np.isnan(matrix[2, 2])


def test_two_vectors_of_zeros_are_equal_for_the_cosine():
    years = one_attribute(Kind.NUMERIC, [[0], [0], [10]])
    assert similarity_matrix(space_of(years, Measure.CS)).tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_links_of_linked_classes_are_followed(films):
    names = [c.name for c in columns_of(films, Measure.EED1)]
    assert "director.from.identity" in names and "director.born" in names
    assert "director.from.population" not in names  # not compared unasked
    (director,) = (c for c in columns_of(films, Measure.EED2) if c.name == "director")
    assert [part.name for part in director.parts] == ["identity", "born", "from"]


def test_unknown_attributes_and_weights_are_answered_with_the_known_ones(shelf):
    with pytest.raises(BadInput, match=r"CS compares no .'colour'.; it can compare .*price"):
        space_of(shelf, Measure.CS, attributes=("colour",))
    space = space_of(shelf, Measure.CS)
    with pytest.raises(BadInput, match=r"weight for 'colour', which is not compared; the columns are .*price"):
        similarity_matrix(space, {"colour": 1.0})
    with pytest.raises(BadInput, match=r"weight of 'price' is 2; weights lie between 0 and 1"):
        similarity_matrix(space, {"price": 2})


def test_neighbours_are_the_best_of_the_matrix_without_the_item_itself(films):
    space = space_of(films, Measure.EED1, matching=Matching.BEST)
    matrix = similarity_matrix(space)
    np.fill_diagonal(matrix, -1)
    result, scores = neighbours(space, 2)
    assert (scores == -np.sort(-matrix, axis=1)[:, :2]).all()
    label = dict(enumerate(space.labels))
    assert {label[i]: label[n] for i, n in enumerate(result[:, 0])}["Vertigo"] == "Rear Window"


def test_neighbours_that_cannot_be_compared_are_marked(shelf):
    result, scores = neighbours(space_of(shelf, Measure.ED, unknown=Unknown.LEFT_OUT), 6)
    assert (result[BARE] == -1).all() and np.isnan(scores[BARE]).all()
    assert result[EMMA, 3:].tolist() == [-1, -1, -1]


def test_blocks_are_bounded_for_200000_items():
    sizes = [len(rows) for rows in blocks(200_000)]
    assert sum(sizes) == 200_000 and max(sizes) * 200_000 * 4 <= 32 * 2**20


# --- What must hold for every catalogue ------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)
NUMBERS = st.integers(-50, 50).map(float)
INNER = (
    Attribute("urn:born", "born", "born", Kind.NUMERIC, floor=-20.0),
    Attribute("urn:styles", "styles", "styles", Kind.NOMINAL_SET),
)
OUTER = (
    Attribute("urn:year", "year", "year", Kind.NUMERIC),
    Attribute("urn:level", "level", "level", Kind.ORDINAL, levels={"low": 0.0, "mid": 0.4, "high": 1.0}),
    Attribute("urn:bound", "bound", "bound", Kind.BOOLEAN),
    Attribute("urn:shelf", "shelf", "shelf", Kind.NOMINAL),
    Attribute("urn:genre", "genre", "genre", Kind.GROUPED, groups={"a": "g", "b": "g"}),
    Attribute("urn:tags", "tags", "tags", Kind.NOMINAL_SET),
    Attribute("urn:marks", "marks", "marks", Kind.NUMERIC_SET),
    Attribute("urn:by", "by", "by", Kind.LINKED, linked="Maker"),
)
SCHEMA = Schema(
    "Thing",
    {
        "Thing": ClassDescription("urn:Thing", "Thing", "thing", OUTER, frozenset()),
        "Maker": ClassDescription("urn:Maker", "Maker", "maker", INNER, frozenset()),
    },
    (),
    frozenset(),
)
MAKER = st.fixed_dictionaries({"born": st.lists(NUMBERS, max_size=1), "styles": NAMES})
THING = st.fixed_dictionaries(
    {
        "year": st.lists(NUMBERS, max_size=1),
        "level": st.lists(st.sampled_from(["low", "mid", "high"]), max_size=1),
        "bound": st.lists(st.booleans(), max_size=1),
        "shelf": st.lists(st.sampled_from("xyz"), max_size=1),
        "genre": NAMES,
        "tags": NAMES,
        "marks": st.lists(NUMBERS, max_size=3, unique=True),
        "by": st.lists(st.sampled_from(["m0", "m1", "m2"]), max_size=2, unique=True),
    }
)


def catalogue(things: list[dict], makers: list[dict]) -> Catalogue:
    tables = {"Thing": ("t", things), "Maker": ("m", makers)}
    ids = {name: [f"{letter}{i}" for i in range(len(rows))] for name, (letter, rows) in tables.items()}
    values = {}
    for name, (_, rows) in tables.items():
        columns = {a.name: ([], []) for a in SCHEMA.classes[name].attributes}
        for owner, row in zip(ids[name], rows, strict=True):
            for attribute, of_one in row.items():
                columns[attribute][0].extend([owner] * len(of_one))
                columns[attribute][1].extend(of_one)
        values[name] = columns
    return catalogue_of(SCHEMA, ids, {}, values)


CATALOGUES = st.builds(catalogue, st.lists(THING, min_size=2, max_size=7), st.lists(MAKER, min_size=3, max_size=3))
OPTIONS = st.tuples(st.sampled_from(Measure), st.sampled_from(Matching), st.sampled_from(Unknown))


@settings(deadline=None, max_examples=25)
@given(CATALOGUES, OPTIONS, st.randoms(use_true_random=False))
def test_similarities_are_symmetric_and_between_0_and_1(things, options, random):
    space = space_of(things, options[0], matching=options[1], unknown=options[2])
    matrix = similarity_matrix(space, {name: random.random() for name in space.names})
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-5)
    known = matrix[~np.isnan(matrix)]
    assert ((known >= 0) & (known <= 1)).all()


@settings(deadline=None, max_examples=25)
@given(CATALOGUES, OPTIONS)
def test_an_item_equals_itself_but_for_the_paper_s_rule_on_several_numbers(things, options):
    space = space_of(things, options[0], matching=Matching.BEST, unknown=options[2])
    own = np.diag(similarity_matrix(space))
    np.testing.assert_allclose(own[~np.isnan(own)], 1, atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(CATALOGUES, OPTIONS)
def test_made_up_items_of_one_item_are_that_item(things, options):
    space = space_of(things, options[0], matching=options[1], unknown=options[2])
    rows = np.arange(len(space))
    made_up = similarities_of_sets(space, sessions_as_objects(space, rows[:, None]))
    np.testing.assert_allclose(made_up, similarity_matrix(space), atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.integers(0, 3),
    st.floats(0, 1),
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
)
def test_moving_one_attribute_apart_never_makes_items_more_alike(places, moved, further, weights):
    attributes = tuple(
        Attribute(f"urn:{n}", n, n, Kind.NUMERIC, minimum=0.0, maximum=1.0) for n in ("p", "q", "r", "s")
    )
    schema = Schema("T", {"T": ClassDescription("urn:T", "T", "t", attributes, frozenset())}, (), frozenset())
    away = list(places)
    away[moved] = max(places[moved], further)
    columns = {a.name: (["origin", "near", "far"], [0.0, places[k], away[k]]) for k, a in enumerate(attributes)}
    things = catalogue_of(schema, {"T": ["origin", "near", "far"]}, {}, {"T": columns})
    w = {a.name: weight for a, weight in zip(attributes, weights, strict=True)}
    _, near, far = similarities(space_of(things, Measure.ED), np.array([0]), w)[0]
    assert far <= near + 1e-6
