"""What is printed to a pipe that nobody reads any more, as after `| head -1`."""

import os
from typing import IO


def discard(stream: IO[str]) -> None:
    """Discard what a stream still holds and gets, so that work goes on whose output nobody reads."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def print_if_read(text: str, stream: IO[str]) -> None:
    """Print a text; where nobody reads the stream, this and what follows is discarded and the work goes on."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        discard(stream)
