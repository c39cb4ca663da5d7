"""The one list of models: names, presets, classes of one's own, and models of other packages."""

import os
import subprocess
import sys

import pytest

from kartograph.models.registry import declaration, declarations, make, module_of_class, names
from kartograph.tables.errors import BadInput

OWN = '''
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.registry import model


@model("loudest", "most events, of another package", serves="anyone")
class Loudest(Popularity):
    """A model of one's own."""
'''


def test_every_name_has_one_declaration_that_makes_a_model_of_that_name():
    result = declarations()

    assert [one.name for one in result] == names()
    assert len(set(names())) == len(names())
    for one in result:
        made = make(one.name)
        assert made.name == one.name
        assert made.explains == one.explains or one.explains == "influence"
        assert one.about and one.serves and one.trained_on in ("users", "sessions")


def test_a_seed_goes_into_the_options_and_changes_replace_them():
    assert make("als", 7).options.seed == 7
    assert make("mcprhrec", 7).options.profile.walking.seed == 7
    assert make("stan", neighbours=3).options.neighbours == 3
    with pytest.raises(BadInput, match=r"\"stan\" has no option 'neighbors'\. Options are past, neighbours"):
        make("stan", neighbors=3)


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(
        BadInput, match=r'Unknown model "magic"\. Choose from .*walk, or name a class as file\.py:Class'
    ):
        declaration("magic")
    with pytest.raises(BadInput, match=r'Unknown model "wlk"\. Did you mean "walk"\? Choose from .*popularity'):
        declaration("wlk")
    assert module_of_class("STAN") == "kartograph.models.neighbours.stan"
    assert module_of_class("Magic") is None


def test_a_class_of_a_file_of_ones_own_is_a_model(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(OWN)

    assert type(make(f"{file}:Loudest")).__name__ == "Loudest"
    with pytest.raises(BadInput, match=r"has no model 'Quietest'\. .*there are Loudest"):
        make(f"{file}:Quietest")
    with pytest.raises(BadInput, match="is not a file"):
        make(f"{tmp_path / 'none.py'}:Loudest")
    file.write_text("import no_such_package\n")
    with pytest.raises(BadInput, match="cannot be imported: ModuleNotFoundError"):
        declaration(f"{tmp_path}/./mine.py:Loudest")


def test_an_installed_package_adds_a_model_by_its_entry_point(tmp_path):
    (tmp_path / "loud.py").write_text(OWN)
    about = tmp_path / "loud-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: loud\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[kartograph.models]\nloudest = loud\n")
    script = "from kartograph.models.registry import make, names; print('loudest' in names(), make('loudest').called)"
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path}

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["True", "loudest"]
