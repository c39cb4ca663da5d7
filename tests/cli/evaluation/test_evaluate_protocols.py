import json

import numpy as np
import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation.evaluate_protocols import windows  # noqa: F401  (adds the commands)
from kartograph.cli.shared.console import out
from kartograph.tables.errors import BadInput

HOUR = 3_600


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Forty users, each a buyer of one of two tastes, over forty days: a view and a purchase a day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    rng = np.random.default_rng(0)
    lines = ["user_id,item_id,event,timestamp"]
    for user in range(40):
        for day, item in enumerate(rng.permutation(np.arange(user % 2, 60, 2))[:20]):
            at = 1_430_000_000 + 48 * HOUR * day + 60 * user
            lines += [
                f"u{user},i{item},view,{at}",
                f"u{user},i{(item + 2) % 60},view,{at + 5}",
                f"u{user},i{item},buy,{at + 9}",
            ]
    (tmp_path / "events.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def _record(shop, *arguments) -> dict:
    command = ["evaluate", *arguments, "--models", "popularity,item-knn-tfidf", "--json", str(shop / "out.json")]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads((shop / "out.json").read_text())


@pytest.mark.slow
def test_windows_and_last_week_write_means_over_their_parts(shop):
    result = _record(shop, "windows", "events.csv", "--windows", "2", "--train-days", "15", "--test-days", "4")

    assert result["protocol"] == "windows"
    assert len(result["splits"]["popularity"]) == 2
    assert result["options"]["division"]["windows"] == 2
    assert set(result["significance"]["HR@20"]["groups"]) == {"popularity", "item-knn-tfidf"}

    result = _record(shop, "last-week", "events.csv")
    assert result["protocol"] == "last-week"
    assert result["figures"]["item-knn-tfidf"]["Recall@20"] > result["figures"]["popularity"]["Recall@20"]


@pytest.mark.slow
def test_folds_and_pairs_have_always_yes_as_a_row(shop):
    result = _record(shop, "folds", "events.csv", "--folds", "3")

    assert result["protocol"] == "mcprhrec-folds"
    assert result["figures"]["always-yes"]["recall"] == 1
    assert set(result["cold"]["popularity"]) == {"warm users", "new users"}
    assert (shop / "home" / "records").is_dir()

    mostly = _record(shop, "folds", "events.csv", "--folds", "3", "--share", "0.9", "--include-seen")
    assert mostly["figures"]["always-yes"]["accuracy"] == pytest.approx(mostly["positives"], abs=0.01)
    assert mostly["positives"] == pytest.approx(0.9, abs=0.05)

    for options, name in (((), "preaddl-time"), (("--random",), "preaddl-random-leaking")):
        result = _record(shop, "pairs", "events.csv", "--positive", "buy", *options)
        assert result["protocol"] == name
        assert result["figures"]["always-yes"]["F1"] == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.slow
def test_the_reported_figures_stand_beside_ours(shop, monkeypatch):
    monkeypatch.setattr(out, "_width", 300)
    command = ["evaluate", "folds", "events.csv", "--folds", "2", "--models", "popularity,mcprhrec"]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert "reported F1" in result.stdout and "0.9709" in result.stdout, result.stdout
    assert "│ popularity │" in result.stdout and "nan" not in result.stdout.lower(), result.stdout


def test_cold_start_tells_what_each_model_serves(shop):
    with (shop / "events.csv").open("a") as file:
        file.write(f"fresh,i1,view,{1_430_000_000 + 48 * HOUR * 20}\nfresh,i3,view,{1_430_000_060 + 48 * HOUR * 20}\n")

    result = _record(shop, "cold", "events.csv", "--test-days", "2")

    assert result["protocol"] == "cold-start"
    assert result["cold"]["popularity"]["no events"]["served"] == 1
    assert result["cold"]["item-knn-tfidf"]["no events"]["served"] == 0
    assert result["cold"]["item-knn-tfidf"]["one click"]["served"] == 1


def test_cold_start_of_a_file_knows_the_categories_of_a_table_of_items(shop):
    at = 1_430_000_000 + 48 * HOUR * 20
    with (shop / "events.csv").open("a") as file:
        file.write(f"fresh,i1,view,{at}\nfresh,i3,view,{at + 60}\n")
    (shop / "items.csv").write_text("item_id,category\n" + "".join(f"i{n},{n % 2}\n" for n in range(60)))

    result = _record(shop, "cold", "events.csv", "--items", "items.csv", "--test-days", "2")

    assert result["cold"]["popularity"]["a category"]["cases"] == 1
    assert set(result["data"]) >= {"sha256", "items_sha256"}
    with pytest.raises(BadInput, match="the shop's graph has its own"):
        _record(shop, "cold", "--items", "items.csv")
    with pytest.raises(BadInput, match=r"missing\.csv does not exist"):
        _record(shop, "cold", "events.csv", "--items", "missing.csv")


def test_data_that_is_not_there_is_refused_before_anything_else(shop):
    with pytest.raises(BadInput, match="nowhere does not exist"):
        _record(shop, "windows", "nowhere")
