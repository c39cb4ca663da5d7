"""A RetailRocket folder so small that every figure of it can be counted by hand."""

import gzip
from pathlib import Path

HOUR = 3_600_000
EVENTS = f"""timestamp,visitorid,event,itemid,transactionid
{13 * HOUR},1,view,10,
{13 * HOUR + 1},1,transaction,10,1
{14 * HOUR},1,transaction,11,2
{38 * HOUR},2,transaction,10,3
{39 * HOUR},2,view,12,
{40 * HOUR},3,addtocart,11,
"""
PROPERTIES = """timestamp,itemid,property,value
0,10,categoryid,7
0,11,categoryid,8
0,12,available,1
"""
TREE = "categoryid,parentid\n6,\n7,6\n8,6\n"


def write(folder: Path) -> Path:
    """Write the three tables, the properties packed."""
    folder.mkdir()
    (folder / "events.csv").write_text(EVENTS)
    (folder / "item_properties.csv.gz").write_bytes(gzip.compress(PROPERTIES.encode(), mtime=0))
    (folder / "category_tree.csv").write_text(TREE)
    return folder
