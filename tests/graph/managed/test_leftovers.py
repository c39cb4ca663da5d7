"""Test that a test run which is ended from outside leaves no server."""

import os
import subprocess
import sys

import pytest

from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running
from kartograph.graph.managed.process import ends_within

RUN = """
import os, time
os.environ["KARTOGRAPH_ENDS_WITH"] = str(os.getpid())
import subprocess, sys
subprocess.run([sys.executable, "-c", "from kartograph.cli import main; main()", "start", "--heap", "512m"], check=True)
print("started", flush=True)
time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux watches processes")
def test_a_run_that_is_killed_leaves_no_server_not_even_of_its_commands(home):
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, env=dict(os.environ)) as run:
        assert run.stdout is not None
        assert any(b"started" in line for line in run.stdout)
        state = running(ShopDirectory.of("shop"))
        assert state is not None  # the command that started it has ended
        run.kill()
    assert ends_within(state, 60)
