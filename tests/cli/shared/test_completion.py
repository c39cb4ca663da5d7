"""The shell completes shops, models and statements from names alone."""

import os
import subprocess
import sys

from kartograph.cli.shared import completion
from kartograph.graph.managed.home import ShopDirectory


def test_shops_of_this_home_are_offered(home):
    assert completion.shops("") == []
    for name in ("books", "shop", "boots"):
        ShopDirectory.of(name).current.mkdir(parents=True)
    ShopDirectory.of("books-begun").make()
    (home / "shops" / "notes").mkdir()
    assert completion.shops("bo") == ["books", "boots"]


def test_a_home_that_cannot_be_read_offers_nothing(home):
    (home / "shops").write_text("")
    assert completion.shops("") == []


def test_models_and_lists_of_them_are_offered():
    assert completion.models("sas") == ["sasrec", "sasrec-users"]
    assert completion.model_lists("walk,sas") == ["walk,sasrec", "walk,sasrec-users"]
    assert "walk,walk" not in completion.model_lists("walk,")


def test_statements_are_offered():
    assert "explore/funnel" in completion.statements("explore/f")
    assert all(name.startswith("explore/f") for name in completion.statements("explore/f"))


def completed(words: str, home) -> tuple[list[str], str]:
    """What bash is offered for the last of the words, and the heavy modules that were imported for it."""
    script = (
        "import sys, atexit\n"
        "heavy = ('torch', 'pandas', 'numpy', 'neo4j', 'sklearn', 'fastapi')\n"
        "atexit.register(lambda: print([name for name in heavy if name in sys.modules], file=sys.stderr))\n"
        "sys.argv[0] = 'kartograph'\nfrom kartograph.cli import main\nmain()\n"
    )
    asked = {"_KARTOGRAPH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | asked | {"KARTOGRAPH_HOME": str(home)},
    )
    return done.stdout.split(), done.stderr.strip()


def test_the_shell_is_answered_without_anything_heavy(home):
    ShopDirectory.of("books").current.mkdir(parents=True)
    assert completed("kartograph recommend sas", home) == (["sasrec", "sasrec-users"], "[]")
    assert completed("kartograph --shop bo", home) == (["books"], "[]")
    assert completed("kartograph query explore/fun", home) == (["explore/funnel"], "[]")
