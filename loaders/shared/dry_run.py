"""Dry runs: a source is read and checked, and the verdict says whether the load would go through."""

from kartograph.graph.managed.home import Home
from kartograph.loaders.shared.guard import Allowed, held_by, refuse_loss
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

EVERY_ROW = RejectLimit(share=1)
"""What a dry run is read with: it tells of all bad rows, and of the limit that the load has."""


def dry_run(
    source: Source, limit: RejectLimit, home: Home | None, allowed: Allowed, progress: Progress = silent
) -> Report:
    """Describe `source`, read with `EVERY_ROW`, and say what a load with `limit` would come to.

    `home` is the shop of a bulk load; None for a live one, which takes nothing away.
    """
    progress("Describing")
    report = source.report
    report.data = describe(source)
    total = sum(report.rejected.values())
    reads = ((name, sum(read.rejected.values()), read.rows) for name, read in report.reads.items())
    report.refusals = [words for one in reads if (words := limit.passed(*one, total))]
    if home is not None:
        try:
            refuse_loss(source, held_by(source), home, allowed)
        except BadInput as error:
            report.refusals.append(str(error))
    report.finish()
    return report
