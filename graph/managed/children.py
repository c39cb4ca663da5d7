"""How processes that work on a shop begin: what they write is their owner's alone, and some end together with us."""

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
