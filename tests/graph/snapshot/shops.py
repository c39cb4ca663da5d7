"""What tests of the snapshot know of the small shop, and how they make parts of it stale."""

T0 = 1_600_000_000_000
MINUTE = 60_000
VIEW, CART, BUY, BORROW = range(4)
THERE = ("events", "items", "categories", "ranks", "embeddings", "co_occurs", "similar")
"""The parts that the small shop holds: nobody has computed communities or preferences."""


def add_load(graph, name="late"):
    """Note that something was loaded."""
    graph.query("CREATE (:Load {id: $name, source: 'x', batch: 1, finished: 1700000000000})", write=True, name=name)


def add_run(graph, step, status="done", run="again"):
    """Note that a step of the enrichment ran, or is at work."""
    graph.query(
        "OPTIONAL MATCH (old:Run {step: $step}) DETACH DELETE old WITH count(*) AS old "
        "CREATE (:Run {id: $step + $run, step: $step, status: $status, finished: 1700000000000})",
        write=True,
        step=step,
        status=status,
        run=run,
    )
