"""What `serving.py` compares the served shop with, over the same items, sessions and events, under the same load.

bare       FastAPI under Granian that adds up the rows of the shop's own item-kNN in NumPy, and nothing else
implicit   the same endpoint, whose answer `implicit` makes of the same matrix
gorse      Gorse 0.4.12 with SQLite for its stores: item neighbours by common users, hidden items left out

    git clone … or unpack github.com/zhenghaoz/gorse@v0.4.12, then in it: go build ./cmd/gorse-in-one

makes the program that `serving.py --gorse` takes. Its users, items and events are written into its own store, from
which it reads them; what it answers from it computes itself. It writes three rows or lists an item, one at a time, so
its stores need not reach the disk with each (`synchronous`): they can be made again. `n_jobs` are dealt to its tasks,
with two of them the neighbours of items have one; and users, whom no session asks about, are compared by labels, of
which there are none.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.reach import Shop

EVENTS = "/api/session/recommend?n=20"
SETTINGS = """
[database]
data_store = "sqlite://{folder}/data.db?_pragma=synchronous(0)"
cache_store = "sqlite://{folder}/cache.db?_pragma=synchronous(0)"
[master]
port = {rpc}
host = "127.0.0.1"
http_port = {port}
http_host = "127.0.0.1"
n_jobs = 5
meta_timeout = "10s"
[server]
default_n = 20
cache_expire = "10s"
[recommend]
cache_size = 100
cache_expire = "72h"
[recommend.data_source]
positive_feedback_types = ["event"]
read_feedback_types = []
[recommend.popular]
popular_window = "720h"
[recommend.user_neighbors]
neighbor_type = "similar"
enable_index = false
[recommend.item_neighbors]
neighbor_type = "related"
enable_index = false
[recommend.collaborative]
model_fit_period = "600m"
model_search_period = "6000m"
[recommend.replacement]
enable_replacement = false
[recommend.offline]
check_recommend_period = "600m"
refresh_recommend_period = "240h"
enable_latest_recommend = false
enable_popular_recommend = false
enable_user_based_recommend = false
enable_item_based_recommend = false
enable_collaborative_recommend = false
[recommend.online]
fallback_recommend = ["item_based"]
num_feedback_fallback_item_based = 10
"""

Scored = Callable[[list[int], int], tuple[np.ndarray, np.ndarray]]


def _added_up(matrix: Any) -> Scored:
    offsets, columns, values = matrix.indptr, matrix.indices, matrix.data

    def best(rows: list[int], k: int) -> tuple[np.ndarray, np.ndarray]:
        parts = [slice(offsets[row], offsets[row + 1]) for row in rows]
        items, places = np.unique(np.concatenate([columns[part] for part in parts]), return_inverse=True)
        scores = np.bincount(places, np.concatenate([values[part] for part in parts]))
        order = np.argsort(-scores)[:k]
        return items[order], scores[order]

    return best


def _by_implicit(matrix: Any) -> Scored:
    from implicit.nearest_neighbours import ItemItemRecommender
    from scipy.sparse import csr_matrix

    model, items = ItemItemRecommender(num_threads=1), matrix.shape[0]
    similarity = csr_matrix(matrix.astype(np.float64))
    # Places in 64 bits are refused by its compiled code.
    similarity.indices, similarity.indptr = (
        places.astype(np.int32) for places in (similarity.indices, similarity.indptr)
    )
    model.similarity = similarity
    from implicit._nearest_neighbours import NearestNeighboursScorer

    model.scorer = NearestNeighboursScorer(model.similarity)

    def best(rows: list[int], k: int) -> tuple[np.ndarray, np.ndarray]:
        asked = csr_matrix((np.ones(len(rows)), np.array(rows), [0, len(rows)]), shape=(1, items))
        return model.recommend(0, asked, k, filter_already_liked_items=False, recalculate_user=True)

    return best


def serve_bare(shop: str, port: int, workers: int, kind: str) -> None:
    """Serve item-kNN rows and nothing else until the process is ended."""
    import orjson
    from fastapi import FastAPI, Request, Response
    from granian.constants import Interfaces
    from granian.server import Server

    model: Any = Bundle.open(Shop(shop).paths).models["item-knn"].model
    ids = model.items.external.tolist()
    rows = {id: row for row, id in enumerate(ids)}
    best = {"bare": _added_up, "implicit": _by_implicit}[kind](model.matrix)
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {}

    @app.post("/recommend")
    async def recommend(request: Request) -> Response:
        body = orjson.loads(await request.body())
        known = [rows[item] for item in body["items"] if item in rows]
        best_items, scores = best(known, body["k"]) if known else ((), ())
        items = [{"item_id": ids[row], "score": float(score)} for row, score in zip(best_items, scores, strict=True)]
        return Response(orjson.dumps({"items": items}))

    server = Server("bare", port=port, interface=Interfaces.ASGINL, workers=workers, log_level="error")  # pyright: ignore[reportArgumentType]
    server.serve(target_loader=lambda *_: app)


def fill_gorse(store: Path, bundle: Bundle, most: int) -> int:
    """Write items and the events of the `most` longest histories into Gorse's store, one event per user and item.

    Returns how many there are.
    """
    arrays, ids = bundle.arrays, bundle.item_ids
    items = [ids[row] for row in range(bundle.items)]
    hidden = (arrays["available"][: bundle.items] == 0).tolist()
    lengths = np.diff(arrays["history.offsets"])
    owners = np.repeat(np.arange(len(lengths)), lengths)
    chosen = np.argsort(-lengths, kind="stable")[:most]
    users = {row: bundle.user_ids[row] for row in chosen.tolist()}
    kept = np.isin(owners, chosen)
    times = arrays["history.times"][kept].astype("datetime64[ms]").astype("datetime64[s]").astype(str)
    events = zip(owners[kept].tolist(), arrays["history.items"][kept].tolist(), times.tolist(), strict=True)
    with sqlite3.connect(store) as database:
        database.executemany(
            "INSERT INTO items (item_id, is_hidden, time_stamp) VALUES (?, ?, '2015-01-01 00:00:00+00:00')",
            zip(items, hidden, strict=True),
        )
        database.executemany("INSERT INTO users (user_id) VALUES (?)", ((user,) for user in users.values()))
        database.executemany(
            "INSERT OR REPLACE INTO feedback (feedback_type, user_id, item_id, time_stamp) VALUES ('event', ?, ?, ?)",
            ((users[user], items[item], f"{at.replace('T', ' ')}+00:00") for user, item, at in events),
        )
        [count] = database.execute("SELECT count(*) FROM feedback").fetchone()
    database.close()
    return count


@contextmanager
def gorse(
    binary: Path, folder: Path, bundle: Bundle, ports: tuple[int, int], users: int, patience: float
) -> Iterator[psutil.Process]:
    """Gorse over the events of so many users, from when all items have neighbours, at two ports (HTTP, RPC).

    What it goes on to compute afterwards, lists of users and its networks, is left out: it is started anew with its
    tasks held back (`--managed`). Raises `TimeoutError` where it has no neighbours after `patience` seconds.
    """
    port, rpc = ports
    binary, folder = binary.resolve(), folder.resolve()  # the program runs in the folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(SETTINGS.format(folder=folder, port=port, rpc=rpc))
    if not (folder / "filled").exists():
        with _running(binary, folder, port):
            pass
        (folder / "filled").write_text(str(fill_gorse(folder / "data.db", bundle, users)))
    if not (folder / "neighbours").exists():
        limit, state = time.monotonic() + patience, ""
        while state != "Complete":
            with _running(binary, folder, port):
                while (state := _state_of_neighbours(port)) not in ("Complete", "Failed"):
                    if time.monotonic() > limit:
                        raise TimeoutError(f"Gorse had no neighbours of all items within {patience:g} s")
                    time.sleep(2)
        (folder / "neighbours").touch()
    with _running(binary, folder, port, "--managed") as process:
        yield process


def _state_of_neighbours(port: int) -> str:
    with suppress(httpx.HTTPError, ValueError, StopIteration):
        tasks = httpx.get(f"http://127.0.0.1:{port}/api/dashboard/tasks").json()
        return next(one["Status"] for one in tasks if "neighbors of items" in one["Name"])
    return ""


@contextmanager
def _running(binary: Path, folder: Path, port: int, *options: str) -> Iterator[psutil.Process]:
    with (folder / "gorse.log").open("a") as log:
        command = [str(binary), "-c", str(folder / "config.toml"), "--cache-path", str(folder / "state"), *options]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=os.environ | {"GOMAXPROCS": "2"})
    try:
        for _ in range(600):
            with suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/api/health/live")
                break
            time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def gorse_body(items: list[str]) -> list[dict[str, str]]:
    """A session as Gorse takes it, oldest first."""
    return [
        {"FeedbackType": "event", "UserId": "s", "ItemId": item, "Timestamp": f"2024-01-01T00:00:{position:02}Z"}
        for position, item in enumerate(items)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("order", help="shop, port, workers and kind, as JSON")
    serve_bare(**json.loads(parser.parse_args().order))
