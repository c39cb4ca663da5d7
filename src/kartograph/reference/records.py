"""Tables of figures that benchmarks write, each a record with its date, machine and command: `docs/records/NAME.json`.

    keep_table("patterns", ("mined", "ours", "theirs"), rows)     # at the end of a benchmark

A page shows the table between `<!-- NAME -->` and `<!-- /NAME -->`; what stands there before there is a record stays.
`kartograph.reference.measurements` writes these pages anew.
"""

import json
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kartograph.evaluation.other_work import Work
from kartograph.evaluation.record import machine, write_record
from kartograph.reference import DOCS
from kartograph.reference.markdown import table

FOLDER = DOCS / "records"
BEGAN = Work.so_far()
"""Where the benchmark began, which imports this first of all."""
SHOWN_FROM = 0.1


def keep_table(name: str, head: Sequence[str], rows: Sequence[Sequence[object]], *, detached: bool = False) -> None:
    """Write the record of a table that this process has measured: cells as they are shown, and the process's command.

    Absolute paths stand in the command without their folders. What is `detached` was measured of servers that commands
    started and left behind; their work cannot be told from that of others, so nothing is said about others.
    """
    words = [Path(word).name if word.startswith("/") else word for word in sys.argv[1:]]
    content = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine_in_words(machine(), 0.0) if detached else this_machine(),
        "command": shlex.join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *words]),
        "head": list(head),
        "rows": [[str(cell) for cell in row] for row in rows],
    }
    FOLDER.mkdir(exist_ok=True)
    write_record(FOLDER / f"{name}.json", content)


def this_machine() -> str:
    """This machine, and what others did on it since the benchmark began, in words."""
    return machine_in_words(machine(), BEGAN.of_others())


def machine_in_words(host: Mapping[str, Any], of_others: float) -> str:
    """Cores, processor and memory, and how many cores other programs kept busy where it was a tenth of one or more."""
    parts = [f"{host['cores']} cores", host["processor"], f"{host['memory_gib']:.0f} GiB"]
    return ", ".join([*parts, f"{of_others:.1f} cores busy with other work"] if of_others >= SHOWN_FROM else parts)


def recorded_table(name: str) -> str:
    """The table of a record, and below it how it was measured."""
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    made = f"Measured on {kept['date']} ({kept['machine']}) by `{kept['command']}`."
    return f"{table(kept['head'], kept['rows'])}\n\n{made}"


def recorded() -> dict[str, Callable[[], str]]:
    """What makes the table of each record, by its name."""
    return {file.stem: lambda name=file.stem: recorded_table(name) for file in sorted(FOLDER.glob("*.json"))}


def filled(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """The text of a page with each part made anew between its marks."""
    for name, part in parts.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        text = re.sub(rf"(?<={start}\n\n).*?(?=\n\n{end})", lambda _, part=part: part(), text, flags=re.DOTALL)
    return text
