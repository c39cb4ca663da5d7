"""Tests of the one list of loaders: a declaration gives the command, the batch script, Python and the detection."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kartograph.loaders.registry import Loader, loader, loaders
from kartograph.loaders.shared.declared import declared
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

TILL = '''"""The receipts of our till."""
from kartograph.loaders.registry import Loader

LOADER = Loader(
    "till",
    "Load the receipts of our till.",
    layout={"user": ["card"], "item": ["article", "plu"], "time": ["paid_at"], "quantity": ["pieces"],
            "default_event": "buy"},
)
'''
USE = """
import json, sys
import kartograph as kg
import pandas as pd
from typer.testing import CliRunner
from kartograph.cli.app import app
from kartograph.cli.loading import auto, load
file = sys.argv[1]
shown = CliRunner().invoke(app, ["load", "till", file, "--dry-run", "--json"])
detected = CliRunner().invoke(app, ["load", "auto", file])
source = kg.loaders.till.reads(file)
code = kg.loaders.till.main([file, "--dry-run", "--json"])
print(json.dumps([json.loads(shown.stdout), detected.stdout, detected.exit_code,
                  source.interactions.to_pyarrow().to_pylist(), code]))
"""


@pytest.fixture
def till(tmp_path):
    """The path of a package that declares the loader `till`, and a file of receipts."""
    package = tmp_path / "package"
    (package / "till-1.dist-info").mkdir(parents=True)
    (package / "till.py").write_text(TILL)
    (package / "till-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: till\nVersion: 1\n")
    (package / "till-1.dist-info" / "entry_points.txt").write_text("[kartograph.loaders]\ntill = till:LOADER\n")
    receipts = tmp_path / "receipts.csv"
    receipts.write_text("card,plu,paid_at,pieces\n7,milk,2024-03-01 10:00,2\n7,bread,2024-03-01 10:00,1\n")
    return package, receipts


def test_one_declaration_of_another_package_gives_command_batch_script_python_and_detection(till, tmp_path):
    package, receipts = till
    source = Path(__file__).resolve().parents[2] / "src"
    path = f"{package}:{source}"
    environment = {"PYTHONPATH": path, "KARTOGRAPH_HOME": str(tmp_path / "home"), "COLUMNS": "200"}
    ran = subprocess.run(
        [sys.executable, "-c", USE, str(receipts)], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.returncode == 0, ran.stderr
    batch, both = ran.stdout.splitlines()
    shown, detected, unanswered, events, code = json.loads(both)
    assert shown["data"]["events"] == json.loads(batch)["data"]["events"] == {"buy": 2}
    assert shown["source"] == "till"
    assert "till" in detected and "the columns card, plu, paid_at, pieces" in detected
    assert f"command: kartograph load till {receipts}" in detected
    assert (unanswered, code) == (2, 0)
    assert {(one["user_id"], one["item_id"], one["quantity"]) for one in events} == {
        ("7", "milk", 2.0),
        ("7", "bread", None),
    }


def test_options_are_said_by_name_in_python_and_unknown_ones_are_refused():
    options = loader("retailrocket").said(None, {"properties": ["888", "283,888"]})
    assert options.properties == ("888", "283")
    with pytest.raises(BadInput, match=r"sessions has no option 'user'. Options are rejects, limit"):
        loader("sessions").said(None, {"user": "u"})


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("rating_at_least", "4", "a number"),
        ("rating_at_least", True, "a number"),
        ("repair_ids", "no", "True or False"),
    ],
)
def test_a_value_of_another_type_is_refused_however_it_is_said(name, value, wanted):
    interactions = loader("interactions")
    for options, said in ((None, {name: value}), (interactions.options(**{name: value}), {})):
        with pytest.raises(BadInput, match=f"{name} is {value!r}. Give {wanted}, without quotes."):
            interactions.said(options, said)
    assert interactions.said(None, {"rating_at_least": 4}).rating_at_least == 4.0


def test_unknown_loaders_and_loaders_that_do_nothing_are_refused():
    with pytest.raises(BadInput, match=r"'tills' is no loader. Allowed are access-log, books, interactions"):
        loader("tills")
    with pytest.raises(ValueError, match="needs one of read, layout and write"):
        Loader("empty", "Does nothing.")


@pytest.mark.parametrize("name", list(loaders()))
def test_every_loader_says_what_its_options_do_and_can_be_called_from_python(name):
    import kartograph as kg

    one = loader(name)
    assert one.about.endswith(".") and one.example and one.recognize is not None
    assert all(field.metadata["help"] for field in declared(one.options))
    assert getattr(kg.loaders, name.replace("-", "_")).load == one.load


@pytest.mark.server
def test_frames_load_with_their_rejects_as_a_frame(graph, tmp_path):
    import kartograph as kg

    events = pd.DataFrame({"user_id": ["u", None], "item_id": ["a", "b"], "event": ["buy", "buy"]})
    said = {"limit": RejectLimit(share=0.5), "rejects": tmp_path / "rejects.csv", "name": "frames"}
    report = kg.loaders.interactions.load(graph, events, **said)
    assert report.counts["new events"] == 1
    assert report.rejects[["line", "reason"]].to_numpy().tolist() == [[1, "no user_id"]]
