"""Speed and error of the random walks. `python benchmarks/monte_carlo.py --json FILE --plot FILE`.

Generates a user-category graph of the size of a whole shop (1.4 million users, 1,669 categories, degrees and popularity
with long tails) and measures steps per second, one user's personalised distribution, all users' ones, the error against
the number of walks, and the time to an error for the walks, for power iteration with SciPy, for NetworkX (`--networkx`:
minutes) and for the Graph Data Science library (`--shop NAME`: in the running server of that shop, on a projection of
the same edges that is dropped at the end; its own time, without the projection's).
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import block_array, csr_array

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import WalkOptions, pagerank
from kartograph.graph.walks.stored import StoredWalks
from kartograph.graph.walks.user_categories import UserCategoryGraph


def generated(users: int, categories: int, seed: int) -> csr_array:
    """A user-category matrix whose users have 2.8 events on average, two thirds of them one category."""
    random = np.random.default_rng(seed)
    events = np.minimum(random.zipf(2.2, users), 300)
    popularity = 1 / np.arange(1, categories + 1) ** 0.8
    sampled = random.choice(categories, int(events.sum()), p=popularity / popularity.sum())
    matrix = csr_array(
        (np.ones(len(sampled)), (np.repeat(np.arange(users), events), sampled)), shape=(users, categories)
    )
    matrix.sum_duplicates()
    return matrix


def power_iteration(both: csr_array, iterations: int, tolerance: float = 0.0) -> tuple[np.ndarray, int]:
    """PageRank by repeated products with the column-stochastic matrix; where it stopped."""
    nodes = both.shape[0]
    out = both.sum(axis=1)
    step = csr_array((both / out[:, None]).T)
    rank = np.full(nodes, 1 / nodes)
    for done in range(1, iterations + 1):
        before = rank
        rank = 0.85 * (step @ rank)
        rank += (1 - rank.sum()) / nodes
        if np.abs(rank - before).sum() <= tolerance:
            return rank, done
    return rank, iterations


def seconds(call, *arguments, **named):
    """What a call gives, and how long it took."""
    began = time.perf_counter()
    result = call(*arguments, **named)
    return result, time.perf_counter() - began


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=1_400_000)
    parser.add_argument("--categories", type=int, default=1_669)
    parser.add_argument("--networkx", action="store_true", help="NetworkX as well")
    parser.add_argument("--shop", help="the Graph Data Science library of this running shop as well")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path, help="error against walks, as a picture")
    arguments = parser.parse_args()
    results = measured(arguments.users, arguments.categories)
    if arguments.networkx:
        results["networkx"] = with_networkx(arguments.users, arguments.categories)
    if arguments.shop:
        results["gds"] = with_gds(arguments.shop, arguments.users, arguments.categories)
    for name, value in results.items():
        print(f"{name}: {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if arguments.plot:
        plotted(results["error_by_walks"], arguments.plot)


def measured(users: int, categories: int) -> dict:
    """Everything that runs in this process; the first calls, which compile, are not timed."""
    matrix = generated(users, categories, 0)
    small = UserCategoryGraph.of(generated(1000, 50, 1))
    pagerank(small.graph, 1)
    small.of_users(np.arange(10))
    both = csr_array(block_array([[None, matrix], [matrix.T, None]], format="csr"))
    graph, building = seconds(WalkGraph.of, both)
    results: dict = {
        "load_average": os.getloadavg(),
        "nodes": len(graph),
        "edges": matrix.nnz,
        "alias_tables_s": round(building, 2),
        "bytes_per_edge": round((graph.edges.nbytes + graph.rows.nbytes) / matrix.nnz, 1),
    }
    for threads in (1, 2):
        runs = [seconds(pagerank, graph, 5, WalkOptions(threads=threads, seed=seed)) for seed in range(3)]
        rates = [walked.steps / taken / 1e6 for walked, taken in runs]
        results[f"million_steps_per_s_{threads}_threads"] = [round(rate, 1) for rate in rates]
    shop = UserCategoryGraph(matrix, graph)
    alone = [seconds(shop.of_users, np.array([user]), 2000)[1] * 1000 for user in range(0, users, users // 200)]
    results["one_user_2000_walks_ms"] = {
        "p50": round(float(np.median(alone)), 2),
        "p99": round(float(np.percentile(alone, 99)), 2),
    }
    part = np.arange(0, users, 10)
    results["all_users_50_walks_s"] = round(10 * seconds(shop.of_users, part, 50)[1], 1)
    truth, _ = power_iteration(both, 200, 1e-12)
    results["error_by_walks"] = {}
    results["time_to_error"] = {}
    for walks in (1, 4, 16, 64):
        walked, taken = seconds(pagerank, graph, walks)
        error = float(np.abs(walked.scores - truth).sum())
        of_categories = np.abs(walked.scores - truth)[users:].sum()
        results["error_by_walks"][walks] = error
        results["time_to_error"][f"walks, {walks} per node"] = {
            "L1": round(error, 5),
            "L1 of the categories": round(float(of_categories), 5),
            "s": round(taken, 2),
        }
    for iterations in (5, 10, 20, 40):
        (rank, _), taken = seconds(power_iteration, both, iterations)
        results["time_to_error"][f"SciPy power iteration, {iterations}"] = {
            "L1": round(float(np.abs(rank - truth).sum()), 5),
            "L1 of the categories": round(float(np.abs(rank - truth)[users:].sum()), 5),
            "s": round(taken, 2),
        }
    results["incremental"] = renewed(matrix[: users // 10])
    return results


def renewed(matrix: csr_array) -> dict:
    """A hundred new purchases in a tenth of the shop: stored walks renewed, against walking anew."""
    users, categories = matrix.shape
    kept = StoredWalks.of(UserCategoryGraph.of(matrix).graph, 10)
    random = np.random.default_rng(5)
    buyers, bought = random.integers(0, users, 100), random.integers(0, categories, 100)
    more = csr_array(matrix + csr_array((np.ones(100), (buyers, bought)), shape=matrix.shape))
    graph = UserCategoryGraph.of(more).graph
    after, taken = seconds(kept.after, graph, np.unique(np.r_[buyers, users + bought]))
    fresh, anew = seconds(StoredWalks.of, graph, 10)
    assert np.array_equal(after.scores, fresh.scores)
    share = after.renewed / (10 * after.nodes)
    return {"renewed_share": round(share, 4), "s": round(taken, 2), "anew_s": round(anew, 2)}


def with_networkx(users: int, categories: int) -> dict:
    """NetworkX on the same edges, at its own tolerance."""
    import networkx

    matrix = generated(users, categories, 0)
    rows, columns = matrix.nonzero()
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(rows.tolist(), (users + columns).tolist(), matrix.data.tolist(), strict=True))
    return {"s": round(seconds(networkx.pagerank, graph, alpha=0.85)[1], 1)}


def with_gds(shop: str, users: int, categories: int) -> dict:
    """The library's PageRank on the same edges, by iterations."""
    from kartograph.graph.connection import Graph

    matrix = generated(users, categories, 0)
    rows, columns = matrix.nonzero()
    truth, _ = power_iteration(csr_array(block_array([[None, matrix], [matrix.T, None]], format="csr")), 200, 1e-12)
    nodes = pd.DataFrame({"nodeId": np.arange(users + categories)})
    edges = pd.DataFrame(
        {"sourceNodeId": rows, "targetNodeId": users + columns, "relationshipType": "PREFERS", "weight": matrix.data}
    )
    results = {}
    with Graph.local(shop) as graph:
        name = "monte-carlo-benchmark"
        with graph.gds.graph.construct(name, nodes, edges, undirected_relationship_types=["PREFERS"]) as projection:
            for iterations in (5, 10, 20, 40):
                ranked, taken = seconds(
                    graph.gds.page_rank.stream,
                    projection,
                    max_iterations=iterations,
                    tolerance=1e-10,
                    relationship_weight_property="weight",
                )
                rank = ranked.sort_values("nodeId")["score"].to_numpy()
                results[iterations] = {
                    "L1": round(float(np.abs(rank / rank.sum() - truth).sum()), 5),
                    "s with the stream": round(taken, 2),
                }
    return results


def plotted(errors: dict[int, float], file: Path) -> None:
    """The error against the number of walks, beside 1/√walks."""
    import matplotlib.pyplot as plt

    walks = np.array(list(errors))
    plt.loglog(walks, list(errors.values()), "o-", label="measured")
    plt.loglog(walks, errors[int(walks[0])] / np.sqrt(walks), "--", label="1/√walks")
    plt.xlabel("walks from every node")
    plt.ylabel("Σ |π - true π|")
    plt.legend()
    plt.savefig(file, bbox_inches="tight")


if __name__ == "__main__":
    main()
