"""Tests of versions: the graph names what the files hold, and nothing but keep and rollback moves what is current."""

import shutil
import threading
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from kartograph import queries
from kartograph.graph.managed.home import ShopDirectory
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import TrainingData
from kartograph.models.saved import version_files
from kartograph.models.saved import versions as saved_versions
from kartograph.models.saved.saving import FORMAT, fingerprint, load, save
from kartograph.models.saved.version_files import folder_of, only_writer
from kartograph.models.saved.versions import (
    DAMAGED,
    NO_FILES,
    NO_NODE,
    WHOLE,
    current,
    keep,
    open_version,
    prune,
    rollback,
    versions,
)
from kartograph.tables.errors import BadInput, ModelFileError, NothingThere, ServerError

pytestmark = pytest.mark.server

EVENTS = pd.DataFrame({"user_id": ["u", "u", "v"], "item_id": ["a", "b", "a"]})


@pytest.fixture(scope="module")
def popularity() -> Popularity:
    return Popularity().fit(TrainingData.from_table(EVENTS, "user_id"))


@pytest.fixture
def shop(graph):
    """A shop with the items a and b, and with the constraints that versions rely on."""
    for name in ("model_id_unique", "model_version_id_unique", "item_id_unique"):
        graph.query(queries.load(f"schema/{name}"), write=True)
    graph.query("UNWIND ['a', 'b'] AS id CREATE (:Item {id: id})", write=True)
    return graph


@pytest.fixture
def three(shop, tmp_path, popularity) -> list[str]:
    """Ids of three versions, the first one first; the last is current."""
    return [
        keep(shop, tmp_path, "popularity", popularity, f"d{number}", {"HR@20": number / 10}).version
        for number in (1, 2, 3)
    ]


def states(shop, folder) -> dict[str, str]:
    result = versions(shop, folder)
    return dict(zip(result["version"], result["state"], strict=True))


def forget_all(shop) -> None:
    """What a bulk load does to versions: the new database knows none."""
    shop.query("MATCH (v:ModelVersion) DETACH DELETE v", write=True)


def test_a_kept_version_is_in_the_graph_with_its_facts_and_is_current(shop, tmp_path, popularity):
    before = datetime.now(UTC)
    kept = keep(shop, tmp_path, "popularity", popularity, "d1", {"HR@20": 0.25})
    assert current(shop, "popularity") == kept
    assert (kept.data_hash, kept.figures, kept.options, kept.format) == ("d1", {"HR@20": 0.25}, {"share": 1.0}, FORMAT)
    assert before.timestamp() * 1000 - 1 <= kept.trained <= datetime.now(UTC).timestamp() * 1000
    [row] = versions(shop, tmp_path, "popularity", check=True).to_dict("records")
    assert (row["version"], row["state"], row["current"], row["items_gone"]) == (kept.version, WHOLE, True, 0)


def test_the_model_of_the_current_version_answers_as_the_kept_one(shop, tmp_path, popularity):
    keep(shop, tmp_path, "popularity", popularity)
    opened = open_version(shop, tmp_path, "popularity")
    np.testing.assert_array_equal(opened.model.counts, popularity.counts)
    assert opened.gone == []


def test_a_version_is_read_whole_once_and_again_when_a_file_was_touched(shop, tmp_path, popularity, monkeypatch):
    kept, read = keep(shop, tmp_path, "popularity", popularity), []
    monkeypatch.setattr(version_files, "fingerprint", lambda place: read.append(place) or fingerprint(place))
    open_version(shop, tmp_path, "popularity")
    open_version(shop, tmp_path, "popularity")
    assert len(read) == 1

    file = tmp_path / "popularity" / kept.version / "model.json"
    file.write_text(file.read_text().replace("popularity", "unpopular", 1))
    with pytest.raises(ModelFileError):
        open_version(shop, tmp_path, "popularity")
    assert len(read) == 2


def test_whether_items_left_the_shop_is_asked_once_for_each_of_its_states(shop, tmp_path, popularity, monkeypatch):
    keep(shop, tmp_path, "popularity", popularity)
    asked = []
    monkeypatch.setattr(saved_versions, "items_gone", lambda graph, model: asked.append(model) or ["x"])
    assert open_version(shop, tmp_path, "popularity").gone == ["x"]
    assert open_version(shop, tmp_path, "popularity").gone == ["x"]
    assert len(asked) == 1

    shop.query("CREATE (:Item {id: 'c'})", write=True)
    open_version(shop, tmp_path, "popularity")
    assert len(asked) == 2


def test_a_version_can_be_kept_without_being_asked(shop, tmp_path, popularity):
    first = keep(shop, tmp_path, "popularity", popularity)
    second = keep(shop, tmp_path, "popularity", popularity, current=False)
    assert current(shop, "popularity") == first
    assert open_version(shop, tmp_path, "popularity", second.version).version == second


def test_items_that_left_the_shop_since_are_named(shop, tmp_path, three):
    shop.query("MATCH (i:Item {id: 'b'}) DELETE i", write=True)
    assert open_version(shop, tmp_path, "popularity").gone == ["b"]
    assert versions(shop, tmp_path, check=True)["items_gone"].tolist() == [1, 1, 1]


def test_versions_come_the_latest_first(shop, tmp_path, three):
    result = versions(shop, tmp_path)
    assert result["version"].tolist() == three[::-1]
    assert result["current"].tolist() == [True, False, False]
    assert result["figures"].tolist() == [{"HR@20": 0.3}, {"HR@20": 0.2}, {"HR@20": 0.1}]


def test_a_version_is_later_than_those_before_whatever_the_clock_says(shop, tmp_path, three, popularity):
    later = "MATCH (v:ModelVersion {id: $id}) SET v.trained = 4000000000000"
    shop.query(later, write=True, id=three[2])
    kept = keep(shop, tmp_path, "popularity", popularity)
    assert kept.trained == 4000000000000 + 1
    assert rollback(shop, tmp_path, "popularity").version == three[2]


class TestRollback:
    def test_it_goes_to_the_version_before_and_further_back_each_time(self, shop, tmp_path, three):
        assert rollback(shop, tmp_path, "popularity").version == three[1]
        assert rollback(shop, tmp_path, "popularity").version == three[0]
        with pytest.raises(NothingThere, match=f"no whole version of .popularity. is from before {three[0]}"):
            rollback(shop, tmp_path, "popularity")
        assert versions(shop, tmp_path)["current"].tolist() == [False, False, True]

    def test_it_goes_to_the_version_that_is_named(self, shop, tmp_path, three):
        assert rollback(shop, tmp_path, "popularity", three[0]).version == three[0]
        assert rollback(shop, tmp_path, "popularity", three[2]).version == three[2]

    def test_an_unknown_version_is_refused_with_those_there_are(self, shop, tmp_path, three):
        with pytest.raises(NothingThere, match=f'"popularity" has no version 7 .*{three[0]} .whole.'):
            rollback(shop, tmp_path, "popularity", "7")

    @pytest.mark.parametrize("damage", ["missing", "changed", "another"])
    def test_a_version_whose_files_are_not_whole_does_not_become_current(self, shop, tmp_path, three, damage):
        place = tmp_path / "popularity" / three[0]
        if damage == "missing":
            shutil.rmtree(place)
        elif damage == "changed":
            (place / "model.json").write_text("{}")
        else:
            save(load(place)[0], place, {"another": "model"})
        with pytest.raises(ModelFileError):
            rollback(shop, tmp_path, "popularity", three[0])
        with pytest.raises(ModelFileError):
            open_version(shop, tmp_path, "popularity", three[0])
        result = current(shop, "popularity")
        assert result is not None
        assert result.version == three[2]

    def test_the_default_leaves_out_versions_without_files(self, shop, tmp_path, three):
        shutil.rmtree(tmp_path / "popularity" / three[1])
        assert states(shop, tmp_path) == {three[2]: WHOLE, three[1]: NO_FILES, three[0]: WHOLE}
        assert rollback(shop, tmp_path, "popularity").version == three[0]


class TestAnotherDatabase:
    def test_versions_from_before_a_bulk_load_are_named_and_taken_up_again(self, shop, tmp_path, three):
        before = open_version(shop, tmp_path, "popularity", three[1]).version
        forget_all(shop)
        assert set(states(shop, tmp_path).values()) == {NO_NODE}
        with pytest.raises(
            NothingThere, match=rf"no version of .popularity. is current .*{three[0]} .not in the graph"
        ):
            open_version(shop, tmp_path, "popularity")
        with pytest.raises(NothingThere, match=r"no version of .popularity. is current\. Name one"):
            rollback(shop, tmp_path, "popularity")
        assert rollback(shop, tmp_path, "popularity", three[1]) == before
        assert current(shop, "popularity") == before
        assert states(shop, tmp_path) == {three[2]: NO_NODE, three[1]: WHOLE, three[0]: NO_NODE}

    def test_damaged_files_are_not_taken_up(self, shop, tmp_path, three):
        forget_all(shop)
        (tmp_path / "popularity" / three[0] / "model.json").unlink()
        assert states(shop, tmp_path)[three[0]] == DAMAGED
        with pytest.raises(ModelFileError, match=r"holds no saved model"):
            rollback(shop, tmp_path, "popularity", three[0])

    def test_a_folder_that_was_renamed_is_not_taken_up_under_another_name(self, shop, tmp_path, three):
        forget_all(shop)
        (tmp_path / "popularity" / three[0]).rename(tmp_path / "popularity" / "mine")
        with pytest.raises(ModelFileError, match=f"holds the version {three[0]} of popularity"):
            rollback(shop, tmp_path, "popularity", "mine")

    def test_a_saved_model_that_is_no_version_is_not_taken_up(self, shop, tmp_path, popularity):
        save(popularity, tmp_path / "popularity" / "mine")
        with pytest.raises(ModelFileError, match="holds a model, but no version"):
            rollback(shop, tmp_path, "popularity", "mine")


class TestPrune:
    def test_the_latest_and_the_current_version_stay(self, shop, tmp_path, three, popularity):
        rollback(shop, tmp_path, "popularity", three[0])
        assert prune(shop, tmp_path, "popularity", keep=1) == [three[1]]
        assert states(shop, tmp_path) == {three[2]: WHOLE, three[0]: WHOLE}
        assert not (tmp_path / "popularity" / three[1]).exists()

    def test_what_killed_writers_left_goes(self, shop, tmp_path, three):
        left = tmp_path / "popularity" / ".popularity-x.0a.part"
        left.mkdir()
        assert prune(shop, tmp_path, "popularity") == []
        assert not left.exists()

    def test_files_outside_of_the_folder_are_safe_from_an_id_in_the_graph(self, shop, tmp_path, three):
        (tmp_path / "letters").mkdir()
        shop.query(
            "MATCH (m:Model {id: 'popularity'})-[:HAS_VERSION]->(v) WITH m, v LIMIT 1 "
            "CREATE (m)-[:HAS_VERSION]->(:ModelVersion {id: '../letters', trained: 1, sha256: v.sha256, format: 1, "
            "options: '{}', figures: '{}'})",
            write=True,
        )
        assert states(shop, tmp_path)["../letters"] == NO_FILES
        assert prune(shop, tmp_path, "popularity", keep=3) == ["../letters"]
        assert (tmp_path / "letters").is_dir()

    def test_none_cannot_be_kept(self, shop, tmp_path, three):
        with pytest.raises(BadInput, match="0 versions cannot be kept"):
            prune(shop, tmp_path, "popularity", keep=0)


def test_a_model_without_versions_is_refused_with_those_that_have_some(shop, tmp_path, three):
    for ask in (versions, rollback, prune):
        with pytest.raises(NothingThere, match='the model "stan" has no version: there are versions of popularity'):
            ask(shop, tmp_path, "stan")
    assert not (tmp_path / "stan").exists()


def test_a_shop_without_versions_lists_none(shop, tmp_path):
    assert versions(shop, tmp_path / "models").empty


@pytest.mark.parametrize("name", ["../x", ".x", "a/b", "", "x" * 64, "*"])
def test_names_that_lead_elsewhere_are_refused(shop, tmp_path, popularity, name):
    with pytest.raises(BadInput, match="cannot be the name of a model"):
        keep(shop, tmp_path / "models", name, popularity)
    with pytest.raises(BadInput, match="cannot be the name of a model"):
        versions(shop, tmp_path / "models", name)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_cannot_be_saved_leaves_what_was_current(shop, tmp_path, three):
    with pytest.raises(ModelFileError, match="cannot be saved"):
        keep(shop, tmp_path, "popularity", threading.Lock())
    assert list(states(shop, tmp_path)) == three[::-1]


def test_files_whose_record_could_not_be_written_are_named_and_taken_up(shop, tmp_path, popularity):
    class Away:
        def query(self, *statement, write=False, **parameters):
            if write:
                raise ServerError("the server went away")
            return shop.query(*statement, **parameters)

    with pytest.raises(ServerError):
        keep(Away(), tmp_path, "popularity", popularity)  # pyright: ignore[reportArgumentType]
    [[version, state]] = states(shop, tmp_path).items()
    assert state == NO_NODE
    assert rollback(shop, tmp_path, "popularity", version).version == version


def test_a_node_that_somebody_changed_is_a_sentence(shop, tmp_path, three):
    shop.query("MATCH (v:ModelVersion {id: $id}) SET v.figures = 'good'", write=True, id=three[0])
    with pytest.raises(ModelFileError, match=f"the node of the version {three[0]} is not as Kartograph wrote it"):
        versions(shop, tmp_path)


def test_two_writers_leave_one_current_version(shop, tmp_path, popularity):
    folders = [tmp_path / str(number) for number in range(4)]
    threads = [threading.Thread(target=keep, args=(shop, folder, "popularity", popularity)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = versions(shop, tmp_path, "popularity")
    assert (len(result), result["current"].sum()) == (4, 1)


def test_a_second_writer_waits_and_then_says_so(shop, tmp_path, three, monkeypatch):
    monkeypatch.setattr("kartograph.models.saved.version_files.WAIT_SECONDS", 0.01)
    with only_writer(tmp_path, "popularity"), pytest.raises(BadInput, match="another process writes versions"):
        prune(shop, tmp_path, "popularity")


def test_versions_lie_in_the_home_of_the_shop_or_apart_where_another_server_holds_it(home):
    assert folder_of("books") == ShopDirectory.of("books").folder / "models"
    assert folder_of("books", managed=False) == home / "models" / "books"
    with pytest.raises(BadInput, match="cannot be the name of a shop"):
        folder_of("../books", managed=False)
