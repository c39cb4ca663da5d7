"""One thread writes events for all requests of a worker: those that wait during a commit share the next one."""

import asyncio
import queue
import threading
from pathlib import Path

from kartograph.serving.events.log import EventLog, LoggedEvent


class EventWriter:
    """Takes events from the event loop and answers when they are on the disk."""

    def __init__(self, path: Path) -> None:
        """Start the thread."""
        self._tasks: queue.SimpleQueue[tuple[list[LoggedEvent], asyncio.Future[int]] | None] = queue.SimpleQueue()
        self._path = path
        self._thread = threading.Thread(target=self._write, name="events", daemon=True)
        self._thread.start()

    async def write(self, events: list[LoggedEvent]) -> int:
        """Have events logged; returns, when they are on the disk, how many events wait for the graph."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._tasks.put((events, done))
        return await done

    def close(self) -> None:
        """End the thread when it has written what it was given."""
        self._tasks.put(None)
        self._thread.join(timeout=30)

    def _write(self) -> None:
        log = EventLog(self._path)
        while (task := self._tasks.get()) is not None:
            tasks = [task]
            ending = False
            while not self._tasks.empty():
                following = self._tasks.get()
                if following is None:
                    ending = True
                    break
                tasks.append(following)
            waiting, error = 0, None
            try:
                log.append(events for events, _ in tasks)
                waiting = log.waiting()
            except Exception as caught:  # a full disk, a lock that is held too long: the requests answer it
                error = caught
            for _, done in tasks:
                done.get_loop().call_soon_threadsafe(_settle, done, waiting, error)
            if ending:
                break
        log.close()


def _settle(done: asyncio.Future[int], waiting: int, error: Exception | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(waiting)
    else:
        done.set_exception(error)
