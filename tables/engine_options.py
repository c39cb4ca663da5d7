"""How much of the machine the tables may use; kept apart from the engine, whose import takes a second."""

import re
from dataclasses import dataclass
from pathlib import Path

from kartograph.tables.errors import BadInput

MOST_THREADS = 1024
"""DuckDB starts every thread that it is told to: more than this only exhausts the machine."""


@dataclass(frozen=True)
class EngineOptions:
    """How much of the machine the tables may use."""

    memory: str = "3GB"
    """Memory that DuckDB may hold before it spills, as DuckDB writes sizes."""
    threads: int = 2
    """Threads that work at once."""
    folder: Path | None = None
    """Where the temporary database and what is spilled go; the system's folder for temporary files by default."""

    def __post_init__(self) -> None:
        """Refuse what DuckDB does not take, or takes for no limit at all."""
        if not re.fullmatch(r"0*[1-9]\d*(\.\d+)? *[KMGT]i?B", self.memory.strip(), re.IGNORECASE):
            raise BadInput(f"The memory of the tables is {self.memory!r}; write it as 500MB or 3GB.")
        if not 1 <= self.threads <= MOST_THREADS:
            raise BadInput(f"The tables have {self.threads} threads; give 1 or more, at most {MOST_THREADS:,}.")
