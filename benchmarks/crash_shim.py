"""Runs a command of Kartograph that ends at its n-th change of a file: a part of `benchmarks/crashes.py`.

    python benchmarks/crash_shim.py N KIND TOLD FOLDERS ARGUMENTS…

The points are files opened for writing, fsyncs, names given, changed and removed below FOLDERS. At the N-th the process
is killed (KIND "kill") or the system has no space (KIND "fail"); N = 0 does neither. A process that ends by itself
leaves the number of points that it passed in the file TOLD.
"""

import atexit
import errno
import os
import signal
import sys
from pathlib import Path

POINT, KIND, TOLD, FOLDERS = int(sys.argv[1]), sys.argv[2], sys.argv[3], tuple(sys.argv[4].split(os.pathsep))
MINE = os.getpid()
_passed = 0


def _is_ours(path: object) -> bool:
    if isinstance(path, int):
        try:
            path = os.readlink(f"/proc/self/fd/{path}")
        except OSError:
            return False
    absolute = os.path.abspath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""
    return absolute.startswith(FOLDERS) and absolute != TOLD


def _pass(path: object) -> None:
    global _passed
    if os.getpid() != MINE or not _is_ours(path):
        return
    _passed += 1
    if _passed == POINT:
        if KIND == "kill":
            os.kill(MINE, signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path if isinstance(path, str) else None)


def _hook(event: str, arguments: tuple) -> None:
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        _pass(arguments[0])
    elif event in ("os.rename", "os.link"):
        _pass(arguments[1])
    elif event in ("os.remove", "os.mkdir", "os.rmdir"):
        _pass(arguments[0])


def _count_fsyncs() -> None:
    fsync = os.fsync

    def synced(descriptor: int) -> None:
        _pass(descriptor)
        fsync(descriptor)

    os.fsync = synced


if __name__ == "__main__":
    sys.addaudithook(_hook)
    _count_fsyncs()
    atexit.register(lambda: Path(TOLD).write_text(str(_passed), "utf-8"))
    sys.argv = ["kartograph", *sys.argv[5:]]
    from kartograph.cli import main

    main()
