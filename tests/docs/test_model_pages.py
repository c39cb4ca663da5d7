"""What the page of each model shows runs as it stands, on the shop of `docs/examples`."""

import os
import shlex

import pytest
from tests.docs.shown import ROOT, blocks
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.reference.commands import root

PAGES = sorted((ROOT / "docs" / "models").glob("*.md"))


@pytest.fixture
def shop(home, graph, server, monkeypatch) -> None:
    """The example shop where commands look first."""
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", server.auth[0])
    monkeypatch.setenv("NEO4J_PASSWORD", server.auth[1])
    monkeypatch.chdir(ROOT / "docs" / "examples")
    root()  # which adds every command
    code, printed = _run("load interactions events.csv --items products.csv --live")
    assert code == 0, printed


def _run(line: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, shlex.split(line), env=dict(os.environ))
    return done.exit_code, done.output + (repr(done.exception) if done.exception else "")


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_the_commands_of_every_page_of_a_model_run(shop, capsys):
    ran, wrong = 0, []
    for page in PAGES:
        shown = blocks(page.read_text("utf-8"))[-1].text.splitlines()
        assert len(shown) >= 2, page
        for line in shown:
            code, printed = _run(line.removeprefix("kartograph "))
            ran += 1
            wrong += [f"{page.name}: {line}\n{printed}"] if code else []
    with capsys.disabled():
        print(f"\n{ran} commands of {len(PAGES)} pages of models were run")
    assert not wrong, "\n".join(wrong)
