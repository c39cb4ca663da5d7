"""The summary of a load on screen, or as JSON."""

from typing import TYPE_CHECKING, Any

from kartograph.cli.shared.console import notes, out, print_facts, print_json

if TYPE_CHECKING:
    from kartograph.loaders.registry import Loader
    from kartograph.tables.report import Report


def print_report(report: "Report", loader: "Loader", as_json: bool) -> None:
    """Print what was read, what was odd and what came out; remarks go to the error output."""
    for words in report.remarks:
        notes.print("[yellow]warning:[/] ", end="")
        notes.print(words, markup=False, highlight=False, soft_wrap=True)
    if as_json:
        print_json(_flat(report) if loader.read is None else report.as_dict())
        return
    for part, column in report.columns.items():
        notes.print(f"{part}: column {column!r}", markup=False, highlight=False)
    facts: dict[str, object] = {}
    for name, read in report.reads.items():
        facts[f"{name} read"] = f"{read.rows:,}, of them {read.rows - read.good:,} rejected"
    facts |= {f"rejected: {reason}": f"{count:,}" for reason, count in sorted(report.rejected.items())}
    facts |= {words: f"{count:,}" for words, count in report.notes.items()}
    facts |= {name: _readable(name, value) for name, value in report.data.items()}
    facts |= {name.replace("_", " "): f"{count:,}" for name, count in report.counts.items()}
    if report.rejects_file is not None:
        facts["rejected rows"] = report.rejects_file
    if report.seconds is not None:
        steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.steps.items())
        facts["time"] = f"{report.seconds:.1f} s" + (f": {steps}" if steps else "")
    print_facts(facts)
    if report.refusals is not None:
        out.print(f"verdict: {report.verdict}", markup=False, highlight=False, soft_wrap=True)


def _flat(report: "Report") -> dict[str, Any]:
    """The counts of what was written, and of a dry run the verdict."""
    verdict = report.as_dict()["verdict"]
    return report.counts | ({} if verdict is None else {"verdict": verdict})


def _readable(name: str, value: object) -> object:
    """A figure of the data for a person: times as dates, counts with commas, kinds in a row."""
    from datetime import UTC, datetime, timedelta

    if name in ("first", "last") and isinstance(value, int):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).isoformat(" ", "seconds")
    if isinstance(value, dict):
        return ", ".join(f"{key} {count:,}" for key, count in value.items()) or "none"
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else value
