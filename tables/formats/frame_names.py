"""Copies of data frames: what a person knows is the frame, so that messages and rejects name it and not its copy."""

from pathlib import Path

FOLDER = "kartograph-frames-"
"""How the folder of such copies begins."""
ALONE = "rows.parquet"
"""The copy of a frame that has no name."""


def frame_of(file: Path) -> Path | None:
    """What a copy of a frame is called, `the frame` or `the frame 'events'`; None for other files."""
    if not file.parent.name.startswith(FOLDER):
        return None
    return Path("the frame" if file.name == ALONE else f"the frame {file.stem!r}")
