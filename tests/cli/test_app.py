import signal
import subprocess
import sys

import pytest

NAP = """
import time
from kartograph.cli import app as commands

@commands.app.command()
def nap():
    try:
        print("napping", flush=True)
        time.sleep(60)
    finally:
        print("tidied up", flush=True)

commands.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_command_that_is_asked_to_end_tidies_up_first():
    with subprocess.Popen([sys.executable, "-c", NAP, "nap"], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "napping\n"
        command.send_signal(signal.SIGTERM)
        assert command.stdout.read() == "tidied up\n"
    assert command.returncode == 128 + signal.SIGTERM
