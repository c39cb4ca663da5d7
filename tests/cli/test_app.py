import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kartograph.cli import app as commands

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
FILL = """
from kartograph.cli import app as commands

@commands.app.command()
def fill():
    with open("/dev/full", "w") as file:
        file.write("more")

commands.main()
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_a_full_disk_is_a_sentence_though_python_names_no_file():
    done = subprocess.run([sys.executable, "-c", FILL, "fill"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "a file cannot be written: No space left on device." in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_command_that_is_asked_to_end_tidies_up_first():
    with subprocess.Popen([sys.executable, "-c", NAP, "nap"], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "napping\n"
        command.send_signal(signal.SIGTERM)
        assert command.stdout.read() == "tidied up\n"
    assert command.returncode == 128 + signal.SIGTERM


GROWING = """
import gc
from kartograph.cli import app as commands

@commands.app.command()
def grow():
    print(gc.get_threshold()[0], len(gc.callbacks))
    held = [[] for _ in range(commands.SHORT + 1)]
    print(gc.get_threshold()[0], len(gc.callbacks))

print(gc.get_threshold()[0], len(gc.callbacks))
commands.main()
"""


def test_a_short_command_does_not_look_for_cycles_and_a_long_one_does_as_usual():
    done = subprocess.run([sys.executable, "-c", GROWING, "grow"], capture_output=True, text=True, check=True)
    before, short, long = done.stdout.splitlines()
    assert short == f"{commands.SHORT} {int(before.split()[1]) + 1}"
    assert long == before


TRAINING = """
import torch
from kartograph.cli import app as commands

@commands.app.command()
def learn():
    torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])

commands.main()
"""


@pytest.mark.slow
def test_a_command_that_trains_a_network_ends_without_a_word():
    done = subprocess.run([sys.executable, "-c", TRAINING, "learn"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_python_runs_the_command_line_as_a_module():
    done = subprocess.run([sys.executable, "-m", "kartograph", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("kartograph ")
