import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.graph_models import ScratchModel, chosen
from kartograph.evaluation.measuring import measure
from kartograph.evaluation.scratch import source_of
from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory, only_home
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.cypher.co_occurrence import CoOccurrence
from kartograph.models.data import TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.tables.errors import BadInput, Leak
from kartograph.tables.progress import silent

START = 1_430_000_000_000
PAIRS = {"u1": "ab", "u2": "ab", "u3": "cd", "u4": "cd", "u5": "a"}
PLANTED = [("u1", "z"), ("u2", "z"), ("u5", "b"), ("stranger", "c")]
"""What happens after the cut: two users see the new item z, u5 sees b."""


def _data() -> TrainingData:
    """Users who saw a and b, or c and d, in one session each; n is an item of category x that nobody saw."""
    rows = [(user, item, "view", START + n) for user, items in PAIRS.items() for n, item in enumerate(items)]
    data = TrainingData.from_table(pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]), "user_id")
    placed = pd.DataFrame({"item_id": list("abcdn"), "category_id": list("xyxyx")})
    return with_categories(data, placed, pd.DataFrame({"category_id": ["x", "y"], "parent_id": [None, "x"]}), True)


class Curious(CoOccurrence):
    """Looks around in the graph that it is given, and beyond."""

    needs = ("pagerank",)

    def fit(self, source, progress=silent):
        graph = source
        self.items = graph.query("MATCH (i:Item) RETURN i.id AS id, i.pagerank AS rank ORDER BY id")
        self.events = graph.query("MATCH ()-[r:INCLUDES]->(i) RETURN i.id AS id, count(*) AS events ORDER BY id")
        self.categories = graph.query("MATCH (i)-[:IN_CATEGORY]->(c) RETURN i.id + c.id AS pair ORDER BY pair")
        for open_shop in (lambda: ShopDirectory.of("shop"), lambda: Graph.local("shop")):
            with pytest.raises(Leak, match='home of the shop "shop" was asked for during an evaluation'):
                open_shop()
        return super().fit(source)


@pytest.mark.slow
@pytest.mark.server
def test_a_graph_model_sees_nothing_but_the_training_part(home):
    data = _data()
    cases = interaction_cases(pd.DataFrame(PLANTED, columns=["user_id", "item_id"]), data, "seen")
    seen = Curious()
    model = ScratchModel(seen)
    outcome = measure(model, data, cases, 2)
    scores = model.scores(cases.queries, cases.owners)
    (running,) = (home / "shops").iterdir()
    model.close()

    assert running.name.startswith("eval-")
    assert not running.exists()
    assert seen.items["id"].tolist() == ["a", "b", "c", "d", "n"]  # a test item is in no vocabulary
    assert dict(seen.events.itertuples(index=False)) == {"a": 3, "b": 2, "c": 2, "d": 2}  # and a future event nowhere
    assert seen.categories["pair"].tolist() == ["ax", "by", "cx", "dy", "nx"]
    # Training joins a with b and c with d, alike; an edge of the test part would lift one of them.
    ranks = dict(seen.items.itertuples(index=False))
    assert ranks["a"] == ranks["b"] == ranks["c"] == ranks["d"] > 0
    assert np.isnan(ranks["n"])
    names = data.items.external
    listed = dict(zip(cases.ids, outcome.top.items.tolist(), strict=True))
    assert names[listed["u5"][0]] == "b"  # what goes with a; a itself is masked
    assert np.argmax(scores[cases.ids.index("u5")]) == data.items.rows(["b"])[0]
    assert outcome.figures["HR@2"] == pytest.approx(1 / 4)  # u5; the stranger gets a and b, the most popular


def test_the_training_data_becomes_a_source_with_its_events_and_categories_only():
    source = source_of(_data())

    events = source.interactions.to_pyarrow().to_pandas()
    assert sorted(events["user_id"] + events["item_id"]) == sorted(u + i for u, items in PAIRS.items() for i in items)
    items = source.items.to_pyarrow().to_pandas()
    assert items["item_id"].tolist() == list("abcdn")
    assert items.drop(columns="item_id").isna().to_numpy().all()
    assert source.category_tree.to_pyarrow().to_pandas()["parent_id"].isna().tolist() == [True, False]


class ByPageRank(Popularity):
    """Learns from what the graph computed, and asks it nothing afterwards."""

    needs = ("pagerank",)

    def learn(self, data, progress=silent):
        self.ranks = data.computed.item_pagerank
        return super().learn(data, progress)


@pytest.mark.slow
@pytest.mark.server
def test_a_model_that_needs_what_a_graph_computes_learns_it_of_the_training_part(home):
    data = _data()
    cases = interaction_cases(pd.DataFrame(PLANTED, columns=["user_id", "item_id"]), data, "seen")
    model = ByPageRank()
    outcome = measure(model, data, cases, 2)

    ranks = dict(zip(data.items.external, model.ranks, strict=True))
    # Each of a, b, c and d is seen with one other item, so they share the rank alike; n is seen with none and has none.
    assert ranks == pytest.approx({"a": 1, "b": 1, "c": 1, "d": 1, "n": np.nan}, abs=1e-4, nan_ok=True)
    assert outcome.figures["cases"] == len(cases)
    assert list((home / "shops").iterdir()) == []


def test_while_one_home_is_open_no_other_can_be(tmp_path):
    home = ShopDirectory.of("eval-1", tmp_path)

    with only_home(home):
        assert ShopDirectory.of("eval-1", tmp_path) == home
        with pytest.raises(Leak, match='only "eval-1" may be opened'):
            ShopDirectory.of("shop", tmp_path)

    assert ShopDirectory.of("shop", tmp_path).shop == "shop"


def test_graph_models_are_found_by_name():
    assert isinstance(chosen("co-occurrence")(0), ScratchModel)
    with pytest.raises(BadInput, match=r'Unknown model "magic"\. Choose from .*co-occurrence'):
        chosen("magic")
