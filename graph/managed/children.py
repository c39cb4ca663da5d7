"""How processes that work on a shop begin: what they write is their owner's alone, and some end together with us."""

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from kartograph.tables.whole import PRIVATE

PRIVATE_UMASK = 0o077
"""The umask of Java processes: stores, logs and dumps are read and written by their owner only."""
_BOUND = """\
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
"""Asks Linux to kill this process when its parent ends, and becomes the command; a parent that is gone gets none."""

_COMMAND = "KARTOGRAPH_WATCHED"
_WATCHED = f"""\
import json, os, select, signal, sys
told = json.loads(os.environ.pop("{_COMMAND}"))
own = os.getpid()
try:
    parents = [os.pidfd_open(pid) for pid in told["parents"]]
except ProcessLookupError:
    sys.exit(1)
if os.fork() == 0:
    if os.fork():
        os._exit(0)
    process = os.pidfd_open(own)
    events = select.poll()
    for handle in [process, *parents] + [0] * told["held"]:
        events.register(handle, select.POLLIN)
    while True:
        ready = [handle for handle, _ in events.poll()]
        if process in ready:
            break
        if 0 in ready and os.read(0, 1):
            events.unregister(0)
            ready.remove(0)
        if ready:
            signal.pidfd_send_signal(process, signal.SIGKILL)
            break
    os._exit(0)
os.wait()
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.execv(told["command"][0], told["command"])
"""
"""Becomes the command; a grandchild waits beside it, and kills it when a parent ends, or its input without a byte."""
ENDS_WITH = "KARTOGRAPH_ENDS_WITH"
"""Names a process: servers that are started end with it at the latest, as those of a test run do with that."""


def parents_named() -> list[int]:
    """The process that the environment names, with which servers end."""
    return [int(pid) for pid in (os.environ.get(ENDS_WITH, ""),) if pid.isdecimal()]


def watched(command: list[str], parents: list[int], held: bool) -> tuple[list[str], dict[str, str]]:
    """Return a command, and its part of the environment, that is killed when one of the `parents` ends.

    While it is `held` it also ends with its standard input, a pipe; a byte written there lets it go. The command that
    runs in the end has the id of the process that was begun. Where the system cannot watch (it is not Linux, or before
    5.3) the command is returned as it is.
    """
    if not (parents or held) or not sys.executable or not can_watch():
        return command, {}
    order = json.dumps({"command": command, "parents": parents, "held": held})
    return [sys.executable, "-I", "-S", "-c", _WATCHED], {_COMMAND: order}


def can_watch() -> bool:
    """Tell whether the system has handles of processes."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def open_private(file: Path) -> BinaryIO:
    """Open a file for writing from its beginning that only its owner can read, one that was there included."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    file.chmod(PRIVATE)
    return os.fdopen(descriptor, "wb")


def ended_with_us(command: list[str]) -> list[str]:
    """Return a command that runs the given one and, on Linux, is killed when the thread that began it ends.

    A small Python between the two does it, because code between fork and exec can hang where threads run. On other
    systems the command is returned as it is; what a killed command leaves there is ended by the next one.
    """
    if sys.platform != "linux" or not sys.executable:
        return command
    return [sys.executable, "-I", "-S", "-c", _BOUND, str(os.getpid()), *command]
