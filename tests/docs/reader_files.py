"""The files that the examples of the command line name, small, as a reader would have them."""

import gzip
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from rdflib import Graph
from tests.docs.shown import ROOT, blocks
from tests.loaders import test_books, test_rees46, test_saved_pages

from kartograph.loaders import sample_electronics as electronics
from kartograph.loaders.sample import generate

EXAMPLES = ROOT / "docs" / "examples"
BROWSER = '"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"'
BEGIN, DAY = 1_700_000_000_000, 86_400_000
SHELVES, ON_SHELF = 4, 24
TOPICS = ("java", "spring", "docker", "neo4j")
"""What the blog writes about, a shelf each."""
DECLARED = '[[sources]]\nloader = "interactions"\npath = "events.csv.gz"\nmode = "live"\n\n[train]\nmodels = ["walk"]\n'


def write_files(folder: Path) -> None:
    """Write all of them into a folder."""
    visits = _visits(sessions=400, days=28, users=40)
    _interactions(folder, visits)
    _log(folder, visits[visits["session_id"] > 300])
    _ontologies(folder)
    downloads = folder / "downloads"
    _retailrocket(downloads / "retailrocket")
    _library(downloads / "shakespeare")
    electronics.generate(downloads / "electronics", scale=0.005)
    (folder / "shop.toml").write_text(DECLARED, "utf-8")
    extending = (ROOT / "docs" / "extending.md").read_text("utf-8")
    for block in blocks(extending):
        if block.language in ("python", "turtle"):
            name = re.match(r"# (\w+\.py)\n", block.text)
            (folder / (name[1] if name else "teas.ttl")).write_text(block.text, "utf-8")


def _visits(sessions: int, days: int, users: int) -> pd.DataFrame:
    """Sessions in which each user goes along one shelf; ids are numbers, and users and items are added in time."""
    rng = np.random.default_rng(0)
    start = BEGIN + np.sort(rng.integers(0, days * DAY - 3_600_000, sessions))
    so_far = 0.5 + 0.5 * (start - BEGIN) / (days * DAY)
    user = (rng.random(sessions) * users * so_far).astype(int)
    length = rng.integers(2, 5, sessions)
    session = np.repeat(np.arange(sessions), length)
    step = np.arange(len(session)) - np.repeat(np.cumsum(length) - length, length)
    size = (ON_SHELF * so_far).astype(int)[session]
    item = user[session] % SHELVES * ON_SHELF + (np.repeat(rng.integers(0, ON_SHELF, sessions), length) + step) % size
    return pd.DataFrame(
        {
            "session_id": session + 1,
            "position": step,
            "user_id": user[session],
            "item_id": item,
            "event": rng.choice(["view", "cart", "buy"], len(session), p=[0.7, 0.1, 0.2]),
            "timestamp": start[session] + step * 60_000,
        }
    )


def _interactions(folder: Path, visits: pd.DataFrame) -> None:
    """The sessions whole and cut, under the names of each kind of file, with ids that the examples name."""
    events = visits.assign(
        user_id="u" + visits["user_id"].astype(str), item_id="i" + visits["item_id"].astype(str)
    ).replace({"user_id": {"u0": "42"}, "item_id": {"i0": "42", "i1": "1234"}})
    times = pd.to_datetime(events["timestamp"], unit="ms").dt.strftime("%Y-%m-%d %H:%M:%S")
    own = {"visitor": events["user_id"], "sku": events["item_id"], "when": times, "event": events["event"]}
    pd.DataFrame(own).to_csv(folder / "clicks.csv", index=False)
    late = events["session_id"] > 320
    events[late].to_csv(folder / "late.csv", index=False)
    for name in ("clicks", "events"):
        events[~late].to_csv(folder / f"{name}.csv.gz", index=False)
    events[["user_id", "item_id", "event", "timestamp"]].to_csv(folder / "buyers.csv.gz", index=False)
    events[["session_id", "position", "item_id"]].to_csv(folder / "session_clicks.csv.gz", index=False)
    (folder / "exports").mkdir()
    events[late].to_parquet(folder / "exports" / "monday.parquet")
    rees46 = test_rees46.HEADER + test_rees46.ROWS
    (folder / "2019-Oct.csv.gz").write_bytes(gzip.compress(rees46.encode()))


def _retailrocket(folder: Path) -> None:
    """Items and categories of a generated shop, with events dense enough for windows of weeks and folds of buyers."""
    generate(folder, scale=0.0005)
    visits = _visits(sessions=1_000, days=137, users=60)
    event = visits["event"].replace({"cart": "addtocart", "buy": "transaction"})
    table = {
        "timestamp": visits["timestamp"],
        "visitorid": visits["user_id"],
        "event": event,
        "itemid": visits["item_id"],
        "transactionid": visits["session_id"].where(event == "transaction").astype("Int64"),
    }
    pd.DataFrame(table).to_csv(folder / "events.csv", index=False)


def _log(folder: Path, visits: pd.DataFrame) -> None:
    """A log of the shop of `docs/examples` and of a blog, and the shop's table of pages."""
    lines = [(EXAMPLES / "access.log").read_text("utf-8")]
    for user, item, time in visits[["user_id", "item_id", "timestamp"]].itertuples(index=False):
        moment = pd.Timestamp(time, unit="ms").strftime("%d/%b/%Y:%H:%M:%S +0000")
        path = f"/2023/{item % 12 + 1:02}/01/{TOPICS[item // ON_SHELF]}-{item}/"
        lines.append(f'10.0.0.{user} - - [{moment}] "GET {path} HTTP/1.1" 200 4000 "-" {BROWSER}\n')
    (folder / "access.log.gz").write_bytes(gzip.compress("".join(lines).encode()))
    shutil.copy(EXAMPLES / "pages.csv", folder)


def _ontologies(folder: Path) -> None:
    """Films, the bookshop as RDF/XML, a blog, an edge list, and a saved page of a film."""
    shutil.copy(ROOT / "tests" / "ontology" / "films.ttl", folder)
    shutil.copy(ROOT / "tests" / "loaders" / "records.tsv", folder / "kg.tsv")
    Graph().parse(EXAMPLES / "books.ttl").serialize(folder / "wine.rdf", "xml")
    for name in ("blog.ttl", "blog.toml"):
        shutil.copy(ROOT / "ontology" / name, folder)
    (folder / "films.toml").write_text(test_saved_pages.PATTERNS.replace("f.ttl", "films.ttl"), "utf-8")
    (folder / "saved" / "film").mkdir(parents=True)
    (folder / "saved" / "film" / "playtime.html").write_text(test_saved_pages.PAGE, "utf-8")


def _library(folder: Path) -> None:
    folder.mkdir()
    for name in ("books", "creators", "borrows"):
        (folder / f"{name}.csv").write_text(getattr(test_books, name.upper()), "utf-8")
