"""A RetailRocket folder so small that every figure of it can be counted by hand."""

import gzip
from pathlib import Path

HOUR = 3_600_000
MIDNIGHT = 1_433_116_800_000
"""2015-06-01 00:00 UTC; the events come 13 to 40 hours later."""


def at(hour: int, after: int = 0) -> int:
    """A time in milliseconds: hours after midnight, and milliseconds after that."""
    return MIDNIGHT + hour * HOUR + after


EVENTS = f"""timestamp,visitorid,event,itemid,transactionid
{at(13)},1,view,10,
{at(13, 1)},1,transaction,10,1
{at(14)},1,transaction,11,2
{at(38)},2,transaction,10,3
{at(39)},2,view,12,
{at(40)},3,addtocart,11,
"""
PROPERTIES = f"""timestamp,itemid,property,value
{MIDNIGHT},10,categoryid,7
{MIDNIGHT},11,categoryid,8
{MIDNIGHT},12,available,1
"""
TREE = "categoryid,parentid\n6,\n7,6\n8,6\n"


def write(folder: Path) -> Path:
    """Write the three tables, the properties packed."""
    folder.mkdir()
    (folder / "events.csv").write_text(EVENTS)
    (folder / "item_properties.csv.gz").write_bytes(gzip.compress(PROPERTIES.encode(), mtime=0))
    (folder / "category_tree.csv").write_text(TREE)
    return folder
