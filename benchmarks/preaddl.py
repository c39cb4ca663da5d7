"""Cost of PRE-ADDL on a shop of RetailRocket's size: an epoch, 1,000 visitors' top 5, one visitor's, the encoder.

    python -m kartograph.loaders.sample FOLDER --scale 1
    python benchmarks/preaddl.py FOLDER --model preaddl
    python benchmarks/preaddl.py FOLDER --model encoder --steps 60

prints the seconds of the preparation, of one epoch over all pairs, of the top 5 of 1,000 visitors in one batch and of
one visitor asked alone (the median of 50, warm), with how many of the exact top 5 the fast way finds. `encoder` is the
heterogeneous graph transformer of PyTorch Geometric alone, on users, sessions, items and categories: its seconds and
the largest memory of the process while it learns, beside what the events and the graph take before.
"""

import os
import statistics
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from kartograph.evaluation.measuring import PeakMemory
from kartograph.evaluation.shop_tables import shop_tables
from kartograph.models.data import TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.preaddl.attention.encoders import EDGES_AT_ONCE, hgt
from kartograph.models.preaddl.attention.hetero import hetero_of, partition
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
from kartograph.models.preaddl.preparation import prepare
from kartograph.models.preaddl.shop_events import from_retailrocket
from kartograph.models.preaddl.training import Training

VISITORS = 1_000
EXACT = 20
"""Visitors whose exact top 5 is computed as well."""


def main(
    folder: Annotated[Path, typer.Argument(help="Where the generated shop lies.")],
    model: Annotated[str, typer.Option(help="preaddl, preaddl-graph or encoder.")] = "preaddl",
    users: Annotated[bool, typer.Option(help="preaddl-graph: a vector for each user.")] = True,
    steps: Annotated[int, typer.Option(help="encoder: steps of learning.")] = 60,
) -> None:
    """Time one model."""
    if model == "encoder":
        encoder(folder, steps)
        return
    shop, read_s = timed(lambda: from_retailrocket(folder))
    print(f"read         {read_s:7.1f} s   {len(shop.events):,} events   load {os.getloadavg()[0]:.1f}", flush=True)
    data = TrainingData.from_table(shop.events, "user_id")
    if model == "preaddl":
        # All events as one training part; half of the pairs are negatives.
        pairs, prepare_s = timed(lambda: prepare(shop, PairOptions(test_share=0), numbering=(data.owners, data.items)))
        print(f"prepare      {prepare_s:7.1f} s   {len(pairs.train):,} pairs, half of them negatives", flush=True)
        made = PaperModel(PaperOptions(training=Training(epochs=1, learning_rate=3e-3, embedding_rate=1e-2)))
        _, fit_s = timed(lambda: made.fit_pairs(pairs))
    else:
        options = GraphOptions(users=users, init="random", loss="bpr", training=Training(epochs=1), held_share=0.01)
        made = GraphModel(options)
        _, fit_s = timed(lambda: made.fit(data))
    print(f"epoch        {fit_s:7.1f} s   {len(data.owners):,} visitors, {len(data.items):,} items", flush=True)
    chosen = np.sort(np.random.default_rng(0).permutation(len(data.owners))[:VISITORS])
    queries = data.histories.take(chosen)
    made.rank(queries.part(0, 2), 5, chosen[:2])
    _, batch_s = timed(lambda: made.rank(queries, 5, chosen))
    print(f"{VISITORS:,} top 5  {batch_s:7.2f} s   in one batch", flush=True)
    single = [
        timed(lambda one=one: made.rank(queries.part(one, one + 1), 5, chosen[one : one + 1]))[1] for one in range(50)
    ]
    print(f"one visitor  {1000 * statistics.median(single):7.1f} ms  ({1000 * max(single):.1f} at most)", flush=True)
    if model == "preaddl":
        overlap, exact_s = timed(lambda: made.candidate_overlap(queries.part(0, EXACT), chosen[:EXACT], 5))
        print(f"overlap      {overlap:7.3f}     of the exact top 5 ({exact_s:.1f} s for {EXACT} visitors)")
    print(f"load average {os.getloadavg()[0]:.1f}")


def encoder(folder: Path, steps: int) -> None:
    """Time the graph transformer, and watch the memory that it takes."""
    tables = shop_tables(folder)
    known = tables.item_categories[tables.item_categories["until"].isna()]
    data = with_categories(TrainingData.from_frame(tables.events), known, tables.category_tree, catalogue=True)
    del tables, known
    nodes = hetero_of(data)
    edges = sum(nodes[triple].edge_index.shape[1] for triple in nodes.edge_types) // 2
    parts, _ = partition(nodes, EDGES_AT_ONCE, 0)
    counts = ", ".join(f"{nodes[label].num_nodes:,} {label}" for label in nodes.node_types)
    print(f"graph        {counts}; {edges:,} edges in {parts} parts", flush=True)
    with PeakMemory() as memory:
        before = memory.mib
        vectors, fit_s = timed(lambda: hgt(nodes, data.histories, GraphOptions().embedding_size, 0, steps=steps))
    print(
        f"encoder      {fit_s:7.1f} s   {steps} steps, {len(vectors):,} vectors, {torch.get_num_threads()} threads; "
        f"memory {before / 1024:.2f} GiB before, {memory.mib / 1024:.2f} GiB at most"
    )
    print(f"load average {os.getloadavg()[0]:.1f}")


def timed(work):
    """What `work` returns and its seconds; long work prints its processor seconds as well, for a machine in use."""
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    taken = time.perf_counter() - began
    if taken > 1:
        print(f"  {taken:.1f} s took {time.process_time() - cpu:.1f} s of the processor", flush=True)
    return result, taken


if __name__ == "__main__":
    typer.run(main)
