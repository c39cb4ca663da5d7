"""Processes that are asked to end."""

import signal
import subprocess
import sys

import pytest

BEGINS = """
import ctypes, gc, os, signal, time, weakref
from kartograph.graph.managed.ending import end_when_asked

def ask(*_):
    os.kill(os.getpid(), signal.{name})
    for _ in range(100_000):
        pass

class Thing:
    pass

signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it
end_when_asked()
"""
ENDS = """
try:
    {own}
    time.sleep(60)
finally:
    print("tidied up", flush=True)
"""
MOMENTS = {
    "a finalizer": "Thing.__del__ = ask; Thing()",
    "the end of what is referred to weakly": "thing = Thing(); seen = weakref.ref(thing, ask); del thing",
    "a callback of the garbage collector": "gc.callbacks.append(ask); gc.collect(); gc.callbacks.clear()",
    "a callback of compiled code": "ctypes.CFUNCTYPE(None)(ask)()",
    "the command's own code": "",
}


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_command_ends_and_tidies_up_whenever_it_is_asked_to(moment, name):
    script = BEGINS.format(name=name) + MOMENTS[moment] + ENDS.format(own="pass" if MOMENTS[moment] else "ask()")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert done.stdout == "tidied up\n"
    expected = 128 + signal.SIGTERM if name == "SIGTERM" else -signal.SIGINT
    assert done.returncode == expected, done.stderr


MAKER = """
import os, runpy, signal, sys, time
from kartograph.graph.managed.installing import class_data

class Thing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(100_000):
            pass

def working(server):
    Thing()
    try:
        time.sleep(60)
    finally:
        print("tidied up", flush=True)

class_data.archive_folder = working
sys.argv = ["class_archive", "server"]
runpy.run_module("kartograph.graph.managed.installing.class_archive", run_name="__main__")
"""


def test_the_maker_of_class_archives_ends_and_tidies_up_when_it_is_asked_to_in_a_finalizer():
    done = subprocess.run([sys.executable, "-c", MAKER], capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.returncode) == ("tidied up\n", 128 + signal.SIGTERM), done.stderr


def test_other_exceptions_that_cannot_be_passed_on_are_printed():
    script = BEGINS.format(name="SIGTERM") + "Thing.__del__ = lambda self: 1 / 0; Thing()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0
    assert "ZeroDivisionError" in done.stderr
