"""serve.toml: the example of the documentation is one, and what cannot be is refused in a sentence."""

import re
from pathlib import Path

import pytest

from kartograph.serving.config import ServeConfig
from kartograph.tables.errors import BadInput

DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"


def test_the_example_of_the_documentation_is_read(tmp_path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    (tmp_path / "serve.toml").write_text(example)
    config = ServeConfig.read(tmp_path / "serve.toml")
    assert (config.models.default, config.security.require_key, config.limits.body_kib) == ("walk", True, 64)
    assert config.experiment is not None
    assert config.experiment.split == {"blend-graph": 0.5, "walk": 0.5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[models]\ndefault = ", "TOML"),
        (
            "[models]\nfavourite = 'walk'",
            "serve.toml line 2, models.favourite: received a key that does not exist, allowed",
        ),
        (
            "[fallback]\nchain = ['luck']",
            "serve.toml line 2, fallback.chain.1: received 'luck', allowed: 'co-occurrence'",
        ),
        (
            "[models]\n\n[limits]\nbody_kib = 0",
            "serve.toml line 4, limits.body_kib: received 0, allowed: greater than 0",
        ),
        (
            "[experiment]\nname = 'a'\nsplit = { walk = 0.5, stan = 0.4 }",
            "line 1, experiment: received shares that add up to 0.9; allowed are shares that add up to 1",
        ),
        ("[experiment]\nname = 'a'\nsplit = { walk = 1.0 }", "line 3, experiment.split"),
        (
            "[experiment]\nname = 'a'\nsplit = { a = 0.5, b = 0.5 }\nseed = 1",
            "line 4, experiment.seed: received a key that does not exist, allowed are name, split, measure, users",
        ),
        ("\xff", "TOML"),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_place(tmp_path, text, words) -> None:
    (tmp_path / "serve.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=re.escape(words)):
        ServeConfig.read(tmp_path / "serve.toml")


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.toml cannot be read: No such file"):
        ServeConfig.read(tmp_path / "nothing.toml")
