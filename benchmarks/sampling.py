"""What benchmarks that look at processes while something runs share."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.25
"""Seconds between two looks."""


@contextmanager
def sampled(look: Callable[[], None]) -> Iterator[None]:
    """Call `look` four times a second, in a thread, for the time of the block."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
