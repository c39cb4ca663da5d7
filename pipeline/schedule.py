"""A run every so often in a process that stays: what cron or a systemd timer does elsewhere."""

import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kartograph.tables.errors import BadInput, KartographError
from kartograph.tables.pipes import print_if_read

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def interval(text: str) -> timedelta:
    """Read `24h`, `90m` or `1d`; raises `BadInput` for anything else."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*([mhdw])\s*", text)
    if not match or not int(match[1]):
        raise BadInput(f"--every is {text!r}: give a whole number of minutes, hours, days or weeks, as 90m, 24h or 1d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def run_every(pause: timedelta, work: Callable[[], object]) -> None:
    """Do the work now and then each `pause`, until the process is ended; an error is printed and ends nothing.

    The work is done in the thread that calls, so that a signal reaches it. What takes longer than the pause is followed
    by one run at once: two never run together, and missed ones are not made up for.
    """
    from apscheduler.executors.debug import DebugExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    ended: list[BaseException] = []

    def once() -> None:
        try:
            work()
        except KartographError as error:
            print_if_read(f"error: {error}", sys.stderr)
        except (SystemExit, KeyboardInterrupt) as signal:  # the scheduler would go on
            ended.append(signal)
            scheduler.shutdown(wait=False)

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": DebugExecutor()})
    bounds = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    first = datetime.now(UTC)
    scheduler.add_job(once, "interval", seconds=pause.total_seconds(), next_run_time=first, **bounds)
    try:
        scheduler.start()
    finally:
        if ended:
            raise ended[0]
