"""How does a source get into the graph of a shop?"""

import time

from kartograph.graph.bulk import LoadRecord, bulk_load
from kartograph.graph.managed.home import Home
from kartograph.tables.derive import DeriveOptions, derive
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source


def into_graph(
    source: Source, home: Home | str, options: DeriveOptions | None = None, progress: Progress = silent
) -> Report:
    """Derive the tables of `source` and load them in bulk into `home` (or the shop of that name).

    What the shop held before is replaced once the new database is whole.
    """
    place = Home.of(home) if isinstance(home, str) else home
    report = source.report
    read = time.monotonic()
    shop = derive(source, options, progress)
    report.steps |= {"read": round(read - report.started, 2), "derive": round(time.monotonic() - read, 2)}
    files = [file for table in report.reads.values() for file in table.files]
    report.steps |= bulk_load(shop, place, LoadRecord(source.name, files), progress=progress).seconds
    report.finish()
    return report
