"""A process that is killed while it writes the last file of a part: `python killed.py URI USER PASSWORD`."""

import os
import signal
import sys

from kartograph.graph.connection import Graph
from kartograph.graph.snapshot import store

flushed = store._flush_folder


def killed(folder):
    if any(folder.glob("time.npy")):
        os.kill(os.getpid(), signal.SIGKILL)
    flushed(folder)


if __name__ == "__main__":
    store._flush_folder = killed
    uri, user, password = sys.argv[1:]
    with Graph.connect(uri, (user, password)) as graph:
        graph.snapshot("events")
