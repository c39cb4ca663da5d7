"""Suggestions for sessions, and their reasons."""

import numpy as np
import pytest

from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.similarity import space_of
from kartograph.ontology.suggest import Start, Suggester, sessions_as_objects
from kartograph.tables.errors import BadInput

FILM = "http://films.example/onto#"


@pytest.fixture
def films_space(films):
    return space_of(films, Measure.EED1, matching=Matching.BEST)


def labels(suggester: Suggester, seen: list[str], k: int, start: Start) -> list[str]:
    return suggester.table([FILM + name for name in seen], k, start)["label"].tolist()


def test_the_last_and_the_first_item_suggest_what_is_like_them(films_space):
    suggester = Suggester(films_space)
    assert labels(suggester, ["playtime", "vertigo"], 1, Start.LAST) == ["Rear Window"]
    assert labels(suggester, ["playtime", "vertigo"], 1, Start.FIRST) == ["Mon oncle"]


def test_a_session_of_one_item_has_no_last_two(films_space):
    suggester = Suggester(films_space)
    assert labels(suggester, ["vertigo"], 2, Start.LAST_TWO) == labels(suggester, ["vertigo"], 2, Start.LAST)


def test_what_the_last_two_lists_share_comes_first_and_the_last_one_s_list_fills_up(films_space):
    suggester = Suggester(films_space, candidates=2)
    session = ["playtime", "vertigo"]

    def alone(name: str) -> list[str]:
        ranking = labels(suggester, [name], 5, Start.LAST)
        return [label for label in ranking if label not in ("Playtime", "Vertigo")]

    shared = [label for label in alone("vertigo")[:2] if label in alone("playtime")[:2]]
    rest = [label for label in alone("vertigo") if label not in shared]
    assert labels(suggester, session, 4, Start.LAST_TWO) == shared + rest


def test_the_profile_joins_the_values_of_all_items_seen(films_space):
    rows = {label: row for row, label in enumerate(films_space.labels)}
    seen = np.array([[rows["Vertigo"], rows["Playtime"]]])
    profile = dict(zip(films_space.names, sessions_as_objects(films_space, seen), strict=True))
    actors = next(c for c in films_space.columns if c.name == "actor")
    assert {actors.shown[a] for a in profile["actor"].atoms} == {"James Stewart", "Kim Novak", "Jacques Tati"}
    result = labels(Suggester(films_space), ["vertigo", "playtime"], 2, Start.PROFILE)
    assert set(result) == {"Rear Window", "Mon oncle"}


@pytest.mark.parametrize("start", Start)
def test_what_was_seen_is_not_suggested_and_a_short_catalogue_gives_fewer(films_space, start):
    table = Suggester(films_space).table([FILM + "vertigo", FILM + "playtime"], 10, start)
    assert len(table) == 4 and not {"Vertigo", "Playtime"} & set(table["label"])
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["score"].tolist() == sorted(table["score"], reverse=True)


def test_what_is_not_available_is_compared_with_and_never_suggested(films_space):
    rows = {label: row for row, label in enumerate(films_space.labels)}
    gone = np.array([rows["Mon oncle"], rows["Playtime"]])
    suggester = Suggester(films_space, unavailable=gone)
    before = labels(Suggester(films_space), ["playtime"], 5, Start.LAST)
    assert before[0] == "Mon oncle"
    assert labels(suggester, ["playtime"], 5, Start.LAST) == before[1:]


def test_with_clusters_only_the_nearest_one_is_searched(films_space):
    rows = {label: row for row, label in enumerate(films_space.labels)}
    tati = np.array([int(label in ("Playtime", "Mon oncle")) for label in films_space.labels])
    clusters = Clusters(tati, np.array([rows["Vertigo"], rows["Playtime"]]))
    suggester = Suggester(films_space, clusters=clusters)
    assert labels(suggester, ["playtime"], 5, Start.LAST) == ["Mon oncle"]


def test_reasons_name_the_attributes_with_shares_that_sum_to_one(films_space):
    suggester = Suggester(films_space)
    rows = {label: row for row, label in enumerate(films_space.labels)}
    result = suggester.explain(rows["Vertigo"], rows["Rear Window"])
    assert sum(reason.share for reason in result) == pytest.approx(1)
    assert [r.share for r in result] == sorted((r.share for r in result), reverse=True)
    words = {reason.attribute: reason.words for reason in result}
    assert words["director.identity"] == "same director: Alfred Hitchcock"
    assert words["released"] == "release 1954 and 1958" or words["released"] == "release 1958 and 1954"
    assert words["actor"] == "actors shared: James Stewart"
    assert words["colour"] == "same colour: yes"


def test_reasons_of_a_euclidean_measure_are_parts_of_one_less_the_squared_distance(shelf):
    # Emma and the Odes: 1 - d² of price 0, year 0.75, category 0.75, author 1.
    shares = {r.attribute: r.share for r in Suggester(space_of(shelf, Measure.ED)).explain(0, 1)}
    assert shares == pytest.approx(
        {"writtenBy": 1 / 2.5, "publicationYear": 0.75 / 2.5, "category": 0.75 / 2.5}, abs=1e-6
    )


def test_a_weight_of_zero_takes_an_attribute_out_of_the_reasons(shelf):
    reasons = Suggester(space_of(shelf, Measure.CS), {"writtenBy": 0.0}).explain(0, 1)
    assert "writtenBy" not in [r.attribute for r in reasons]


def test_categories_of_one_group_and_linked_individuals_that_are_alike_are_said_so(shelf):
    words = {r.attribute: r.words for r in Suggester(space_of(shelf, Measure.EED2)).explain(0, 1)}
    assert words["category"] == "same group of category: Fiction and Poetry"
    words = {r.attribute: r.words for r in Suggester(space_of(shelf, Measure.EED2)).explain(0, 2)}
    assert words["writtenBy"] == "authors alike: Ann and Bob"


def test_the_table_says_which_item_seen_a_suggestion_is_like(films_space):
    table = Suggester(films_space).table([FILM + "playtime", FILM + "vertigo"], 1)
    assert table["reason"][0].startswith("like Vertigo: same ")


def test_unknown_items_and_empty_sessions_are_refused(films_space):
    with pytest.raises(BadInput, match=r"unknown items \['nope'\]; give one or more ids of the catalogue"):
        Suggester(films_space).table(["nope"], 3)
    with pytest.raises(BadInput, match="give one or more ids"):
        Suggester(films_space).table([], 3)
    with pytest.raises(BadInput, match=r"shape \(0,\); give sessions × items"):
        Suggester(films_space).suggest(np.zeros(0, dtype=np.int64), 3)


def test_scores_of_the_last_two_stay_within_0_and_1_and_those_of_common_items_are_above_a_half(films_space):
    suggester = Suggester(films_space, candidates=3)
    session = [films_space.ids[0], films_space.ids[1]]
    table = suggester.table(session, 10, Start.LAST_TWO)
    assert table["score"].between(0, 1).all() and table["score"].is_monotonic_decreasing
    assert (table["score"] > 0.5).sum() <= 3
    assert table["reason"].str.len().gt(8).all()


def test_a_reason_says_so_where_no_known_value_agrees(films_space):
    from dataclasses import replace

    class Silent(Suggester):
        def explain(self, one, other):
            return []

    from kartograph.ontology.similarity import Unknown

    for unknown, words in ((Unknown.EXPECTED, "what is unknown counts as the mean"), (Unknown.LEFT_OUT, "nearer")):
        space = replace(films_space, unknown=unknown)
        assert words in Silent(space).table([space.ids[0]], 1)["reason"][0]
