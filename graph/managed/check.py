"""What is wrong with the files of a store, by Neo4j's own consistency check of a database that no server serves."""

import re
from collections import Counter

from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.copying import MEMORY
from kartograph.graph.managed.home import ServerPaths
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

OFF_HEAP = "512m"
"""What the check takes outside its heap; its own default is nine tenths of the machine."""
_FOUND = re.compile(r"^\S+ \S+ (?:ERROR|WARN(?:ING)?)\s+(.+)\n(?:\s+(\w+)\[(\d+))?", re.MULTILINE)
_INCONSISTENT = "Inconsistencies found"


def check_store(paths: ServerPaths, progress: Progress = silent) -> list[str]:
    """Run the check and return what it found, a line for each kind of fault; none where the store is whole.

    A line names the fault, the first record that has it, and how many there are. Raises `ServerError` where the check
    itself cannot run, as on a database whose server was killed.
    """
    reports = paths.folder / "check"
    reports.mkdir(exist_ok=True)
    try:
        run_admin(
            paths,
            *("database", "check", "neo4j"),
            f"--report-path={reports}",
            f"--max-off-heap-memory={OFF_HEAP}",
            memory=MEMORY,
            progress=progress,
            step="Checking the store",
        )
    except ServerError as error:
        if _INCONSISTENT not in str(error):
            raise
        report_text = "".join(report.read_text("utf-8", "replace") for report in sorted(reports.glob("*.report")))
        return _findings(report_text) or ["the store is inconsistent, and the check does not say where"]
    return []


def _findings(report: str) -> list[str]:
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for fault, kind, number in _FOUND.findall(report):
        what = fault.strip().rstrip(".")
        counts[what] += 1
        first.setdefault(what, f"{kind} {number}" if kind else "")
    return [
        f"{what}" + (f": {first[what]}" if first[what] else "") + (f" and {count - 1:,} more" if count > 1 else "")
        for what, count in counts.items()
    ]
