"""The steps that bring data into the shop: read, check, load, remove what is old, enrich. Each can be run again."""

from dataclasses import asdict

from kartograph.pipeline.night import Night, Result, Stopped

SHOWN_WARNINGS = 3


def sources(night: Night) -> Result:
    """Read all sources and count what they bring."""
    profiles = {night.label(number): night.brought(number).profile for number, _ in night.numbered_sources()}
    words = [f"{name}: {one.events:,} events of {one.users:,} users" for name, one in profiles.items()]
    return "; ".join(words), {"profiles": {name: asdict(one) for name, one in profiles.items()}}


def checks(night: Night) -> Result:
    """Compare what the sources bring with the last run; raises `Stopped` where a bound is passed that stops."""
    from kartograph.pipeline.checking.checks import check
    from kartograph.pipeline.checking.profile import read_former

    findings = [
        finding
        for number, _ in night.numbered_sources()
        for finding in check(
            night.label(number),
            night.brought(number),
            read_former(night.profile_folder(number)),
            night.declaration.checks,
        )
    ]
    stops, warnings = ([one for one in findings if one.level == level] for level in ("stop", "warn"))
    if stops:
        raise Stopped("The shop is as it was. " + " ".join(f"{one}." for one in stops))
    words = f"{len(findings)} checks, {len(warnings)} warnings"
    shown = [str(one) for one in warnings[:SHOWN_WARNINGS]]
    return ": ".join([words, "; ".join(shown)]) if shown else words, {"findings": [asdict(one) for one in findings]}


def load(night: Night) -> Result:
    """Load the sources; after a bulk load the versions of models that answered before answer again."""
    from kartograph.graph.managed.generations import build_lock
    from kartograph.loaders.shared.guard import Allowed
    from kartograph.loaders.shared.into_graph import into_graph
    from kartograph.pipeline.checking.profile import keep_profile
    from kartograph.pipeline.shop_models import current_versions, restore_versions

    # The checks have decided how much a source may shrink; without events nothing is loaded.
    allowed, counts = Allowed(shrink=True), []
    with build_lock(night.home, "load"):
        for number, declared in night.numbered_sources():
            source = night.source(number)
            if declared.mode == "bulk":
                # Noted before the new database takes the old one's place: afterwards nobody knows.
                current = night.noted("load", "current", lambda: current_versions(night))
                night.reconnect()
                into_graph(source, night.home, progress=night.progress, allowed=allowed)
                lost = restore_versions(night, current)
                counts.append(f"{night.label(number)} in bulk: {night.brought(number).profile.events:,} events")
                counts += lost
            else:
                report = into_graph(source, night.graph, progress=night.progress, allowed=allowed)
                counts.append(f"{night.label(number)}: {report.counts['new events']:,} new events")
    for number, _ in night.numbered_sources():
        keep_profile(night.profile_folder(number), night.brought(number))
    night.release_sources()
    return "; ".join(counts), night.journal.figures("load")


def expire(night: Night) -> Result:
    """Remove the sessions that are older than `keep_days`."""
    from kartograph.graph.expire import expire as remove_old

    days = night.declaration.publish.keep_days
    if days is None:
        return "all events are kept", {}
    gone = remove_old(night.graph, days, night.progress)
    return f"{gone.sessions:,} sessions older than {days} days removed, {gone.users:,} users with them", asdict(gone)


def enrich(night: Night) -> Result:
    """Run the steps of the enrichment that are stale."""
    from kartograph.graph.enrichment.enrich import enrich as run_steps

    results = run_steps(night.graph, progress=night.progress)
    ran = [one.step for one in results if one.because is not None]
    return f"ran {', '.join(ran)}" if ran else "nothing was stale", {"ran": ran}
