"""Tests of the order in which blocks are written, and of what an error leaves undone; the server's part is left out."""

import threading
import time
from dataclasses import dataclass, field

import pytest

from kartograph.graph.live.statements import Block
from kartograph.graph.live.write import AHEAD, Writer


@dataclass
class Recorded(Writer):
    """Keeps what would be written, the first blocks after a while; with `held` none before that is set."""

    written: list[int] = field(default_factory=list)
    held: threading.Event | None = None

    def _write(self, block: Block, batch: int) -> None:
        if self.held:
            assert self.held.wait(30)
        if block.rows < 0:
            raise RuntimeError("broken")
        time.sleep(0.02 if batch < 3 else 0)
        with self._lock:
            self.written.append(block.rows)


@pytest.fixture
def writer():
    return Recorded(graph=None, holder="", source="", sha256="", batch=0, sessions=3)  # pyright: ignore[reportArgumentType]


def blocks(*rows: int) -> list[Block]:
    return [Block([], one) for one in rows]


def test_what_comes_next_is_written_after_everything_before(writer):
    with writer:
        writer.write(blocks(0, 1, 2), "first")
        writer.then()
        writer.write(blocks(3, 4), "second")
        writer.then()
        writer.write(blocks(5), "third")
    assert sorted(writer.written[:3]) == [0, 1, 2]
    assert sorted(writer.written[3:5]) == [3, 4]
    assert writer.written[5:] == [5]
    assert writer.batch == 6


def test_an_error_of_a_block_reaches_the_caller_and_nothing_after_it_is_written(writer):
    with pytest.raises(RuntimeError, match="broken"), writer:
        writer.write(blocks(0, -1), "first")
        writer.then()
        writer.write(blocks(*range(3, 10)), "second")
    assert writer.written == [0]


def test_no_more_blocks_are_made_than_wait_for_their_turn(writer):
    writer.held, made = threading.Event(), []

    def many():
        for row in range(100):
            made.append(row)
            yield Block([], row)

    with writer:
        thread = threading.Thread(target=writer.write, args=(many(), "many"))
        thread.start()
        thread.join(0.5)
        assert len(made) <= writer.sessions + AHEAD + 2
        writer.held.set()
        thread.join(30)
    assert sorted(writer.written) == list(range(100))
