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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[models]\ndefault = ", "TOML"),
        ("[models]\nfavourite = 'walk'", "models.favourite"),
        ("[fallback]\nchain = ['luck']", "fallback.chain.0"),
        ("[limits]\nbody_kib = 0", "limits.body_kib"),
        ("\xff", "TOML"),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_place(tmp_path, text, words) -> None:
    (tmp_path / "serve.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=re.escape(words)):
        ServeConfig.read(tmp_path / "serve.toml")


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(BadInput, match=r"there is no file .*nothing\.toml"):
        ServeConfig.read(tmp_path / "nothing.toml")
