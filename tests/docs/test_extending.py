"""The examples of `docs/extending.md` run as they stand there, each in fewer than forty lines."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import kartograph as kg
from kartograph.cli.app import app
from kartograph.cli.ontologies import ontology  # noqa: F401  (adds the commands)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extending.md"
BLOCKS = re.findall(r"^```(?:python|turtle)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
DAY = 86_400_000


@pytest.fixture
def files(tmp_path, monkeypatch) -> list[str]:
    """The examples as files of the present folder, by the name in their first line."""
    monkeypatch.chdir(tmp_path)
    names = [re.match(r"# (\w+\.py)\n", text) for text in BLOCKS]
    for name, text in zip(names, BLOCKS, strict=True):
        Path(name[1] if name else "teas.ttl").write_text(text, "utf-8")
    return sorted(path.name for path in tmp_path.iterdir())


def test_the_page_has_four_examples_of_fewer_than_forty_lines(files):
    assert files == ["days.py", "mine.py", "teas.ttl", "till.py"]
    assert max(text.count("\n") for text in BLOCKS) < 40


def test_the_model_and_the_protocol_are_evaluated(files):
    rows = [
        (f"u{day}", item, "view", 1_600_000_000_000 + day * DAY + minute * 60_000)
        for day in range(10)
        for minute, item in enumerate(["c", "a", "b"] if day == 0 else ["a", "c"] if day == 9 else ["a", "a", "b"])
    ]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])

    evaluation = kg.evaluate(events, ["mine.py:Rarest", "popularity"], "days.py:FirstDays", k=1)

    assert evaluation.failed == {}
    # Of the five days asked for, the last one ends with c, the rarest; the others with b.
    assert evaluation.figures["HR@1"].filter(like="arest").item() == pytest.approx(1 / 5)


def test_the_page_of_loading_shows_the_same_loader():
    assert next(text for text in BLOCKS if "LOADER" in text) in (PAGE.parent / "loading.md").read_text("utf-8")


def test_the_loader_reads_receipts(files):
    names: dict[str, Any] = {}
    exec(compile(Path("till.py").read_text("utf-8"), "till.py", "exec"), names)
    Path("receipts.csv").write_text("card,plu,paid_at\n7,milk,2024-03-01 10:00\n7,bread,2024-03-01 10:00\n")

    source = names["LOADER"].reads("receipts.csv")

    events = source.interactions.to_pyarrow().to_pylist()
    assert {(one["user_id"], one["item_id"], one["event"]) for one in events} == {
        ("7", "milk", "buy"),
        ("7", "bread", "buy"),
    }


def test_the_ontology_suggests_the_tea_of_the_same_garden(files):
    result = CliRunner().invoke(
        app, ["suggest", "--seen", "firstFlush", "--file", "teas.ttl", "--top", "1", "--json"], catch_exceptions=False
    )
    assert [one["label"] for one in json.loads(result.stdout)] == ["Second flush"]
