"""Dry runs: a source is read and checked, and the verdict says whether the load would go through."""

from collections.abc import Callable

from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders.shared.guard import Allowed, held_by, refuse_loss, tell_replaced
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.report import Report
from kartograph.tables.schema import Source


def dry_run(
    source: Source, limit: RejectLimit, home: ShopDirectory | None, allowed: Allowed, progress: Progress = silent
) -> Report:
    """Describe `source`, read with `options.EVERY_ROW`, and say what a load with `limit` would come to.

    `home` is the shop of a bulk load; None for a live one, which takes nothing away.
    """
    progress("Describing")
    report = source.report
    report.data = describe(source)
    total = sum(report.rejected.values())
    reads = ((name, sum(read.rejected.values()), read.rows) for name, read in report.reads.items())
    report.refusals = [words for one in reads if (words := limit.passed(*one, total))]
    if home is not None:
        report.refusals += refusals_of(lambda: refuse_loss(source, held_by(source), home, allowed))
        tell_replaced(source, home)
    report.finish()
    return report


def refusals_of(*checks: Callable[[], None]) -> list[str]:
    """Why checks refuse a load; empty where none does."""
    refusals: list[str] = []
    for check in checks:
        try:
            check()
        except BadInput as error:
            refusals.append(str(error))
    return refusals
