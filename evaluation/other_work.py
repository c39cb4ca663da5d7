"""How many cores of a machine other programs kept busy while something was measured.

    work = Work.so_far()
    ...
    work.of_others()

Seconds of the processors that passed in between, less those of this process and of the ones that it started.
"""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True)
class Work:
    """What the machine's processors have done up to a moment."""

    moment: float
    machine: float
    """Seconds of all cores, whoever used them."""
    own: float
    """Of these, seconds of this process and of those that it started and that run or were waited for."""

    @classmethod
    def so_far(cls) -> Self:
        """What they have done up to now."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        twice = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # counted as the user's as well
        return cls(time.monotonic(), sum(times) - idle - twice, _own())

    def of_others(self) -> float:
        """The cores that others kept busy on average from this moment until now."""
        now = Work.so_far()
        busy = (now.machine - self.machine) - (now.own - self.own)
        return max(0.0, busy / max(now.moment - self.moment, 1e-9))


def _own() -> float:
    ended = sum(os.times()[:4])
    running = 0.0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            running += sum(child.cpu_times()[:4])
    return ended + running
