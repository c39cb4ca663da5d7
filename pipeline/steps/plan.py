"""What a run would do and why: sources are read and checked, no server is started, nothing is changed."""

from pathlib import Path
from typing import Any

from kartograph.graph.runs import run_name
from kartograph.pipeline.checking.checks import check
from kartograph.pipeline.checking.profile import read_former
from kartograph.pipeline.declaration import Declaration
from kartograph.pipeline.journal import Journal
from kartograph.pipeline.night import Night
from kartograph.pipeline.run import journals_of
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


def plan(declaration: Declaration, models: Path, progress: Progress = silent) -> list[dict[str, Any]]:
    """A row for each step: `step, would, why`. `would` is `run`, `skip`, `warn` or `stop`; nothing follows a stop."""
    journals = journals_of(declaration.shop.name)
    journal = Journal(run_name("plan"), declaration.shop.name, "", 0)
    night = Night(declaration, journal, journals, models, _no_server, progress)
    rows: list[dict[str, Any]] = []

    def row(step: str, would: str, why: str) -> None:
        rows.append({"step": step, "would": would, "why": why})

    try:
        for number, _ in night.numbered_sources():
            profile = night.brought(number).profile
            row("sources", "run", f"{night.label(number)}: {profile.events:,} events of {profile.users:,} users")
    except BadInput as error:
        row("sources", "stop", str(error))
        return rows
    for number, _ in night.numbered_sources():
        former = read_former(night.profile_folder(number))
        for finding in check(night.label(number), night.brought(number), former, declaration.checks):
            row("checks", {"fine": "run"}.get(finding.level, finding.level), str(finding))
    if any(one["would"] == "stop" for one in rows):
        return rows
    _rest(night, row)
    return rows


def _rest(night: Night, row: Any) -> None:
    declared, last = night.declaration, night.journals.published()
    for number, source in night.numbered_sources():
        why = "in place of what the shop holds" if source.mode == "bulk" else "each event that the shop does not have"
        row("load", "run", f"{night.label(number)}, {source.mode}: {why}")
    days = declared.publish.keep_days
    row(
        "expire",
        "run" if days else "skip",
        f"remove sessions older than {days} days" if days else "keep_days is not set",
    )
    row("enrich", "run", "the steps that the load makes stale")
    names = ", ".join(map(str, night.candidates))
    row(
        "measure", "run", f"{names} on the last {declared.gate.days:g} days, from {declared.gate.fewest_users} users on"
    )
    if last is None:
        row("gate", "run", "nothing is published yet: the best recipe passes")
    else:
        row(
            "gate",
            "run",
            f"refuse what loses more than {declared.gate.margin:.1%} against {last['model']}, which is published",
        )
    row("train", "run", "the chosen recipe on all events")
    lists = {"active": f"lists of users active in {declared.publish.active_days} days", "everyone": "everybody's lists"}
    written = lists.get(declared.publish.write_back, "no lists")
    versions = f"keep {declared.publish.keep_versions} versions"
    row("publish", "run", f"the chosen recipe answers; write {written}; {versions}")
    row("report", "run", "leaderboard, metrics, record in the graph")


def _no_server(progress: Progress) -> Any:
    raise AssertionError("a plan asks no server")
