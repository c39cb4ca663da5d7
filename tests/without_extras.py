"""A Python in which the modules of the extras cannot be imported, as after a bare `pip install kartograph`."""

import os
import subprocess
import sys
from pathlib import Path

from kartograph.tables.extras import MODULES

BLOCK = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Absent())
"""


def run_without(script: str, *arguments: str, home: Path, extras: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Run Python code where the modules of these extras, of all of them without any named, are not installed."""
    blocked = {module for module, extra in MODULES.items() if not extras or extra in extras}
    return subprocess.run(
        [sys.executable, "-c", BLOCK.format(blocked=blocked) + script, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"KARTOGRAPH_HOME": str(home), "COLUMNS": "400"},
    )


def command_without(*arguments: str, home: Path, extras: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Run `kartograph` with these arguments where the extras are not installed."""
    script = "sys.argv[0] = 'kartograph'\nfrom kartograph.cli import main\nmain()\n"
    return run_without(script, *arguments, home=home, extras=extras)
