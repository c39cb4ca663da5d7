"""How a process of ours that is asked to end (SIGTERM, Ctrl-C) does so wherever it is.

An exception that is raised in a finalizer, or in a callback of the garbage collector or of compiled code, cannot be
passed on: Python prints "Exception ignored in" and goes on. A request to end that meets such a moment is repeated.
"""

import signal
import sys
from typing import NoReturn

AGAIN_SECONDS = 0.01
"""Seconds after which a request that was dropped is repeated."""


class Ended(SystemExit):
    """The process was asked to end by SIGTERM; the exit code is the shell's, 128 + the signal's number."""


def end_when_asked() -> None:
    """Have SIGTERM end the process by an exception, so that it tidies up, and repeat what Python drops.

    Takes SIGALRM and its timer.
    """
    signal.signal(signal.SIGTERM, _end)
    sys.unraisablehook = _repeat


def _end(number: int, _: object) -> NoReturn:
    raise Ended(128 + number)


def _repeat(dropped: "sys.UnraisableHookArgs") -> None:
    """Ask again where a request to end was dropped; anything else is printed as usual."""
    if not issubclass(dropped.exc_type, Ended | KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
        return
    number = signal.SIGTERM if issubclass(dropped.exc_type, Ended) else signal.SIGINT
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
