"""Mines patterns and rules from a graph's events and writes them back beside their items."""

from dataclasses import dataclass

import numpy as np

from kartograph.graph.connection import Graph
from kartograph.graph.runs import run_name
from kartograph.models.graph_data import training_data
from kartograph.models.patterns.databases import CLICKS, PURCHASES, Period, sequences
from kartograph.models.patterns.gsp import MiningOptions, mine
from kartograph.models.patterns.in_graph import write_patterns, write_rules
from kartograph.models.patterns.rules import consequential_rules, rules_within
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Written:
    """What was mined, and how much of it the graph holds now."""

    patterns: int
    """Sequences of two or more items that were clicked, or bought, in this order."""
    patterns_written: int
    rules: int
    """Rules from clicks, or purchases, to a later purchase."""
    rules_written: int


def mine_graph(
    graph: Graph,
    period: Period = "event",
    options: MiningOptions | None = None,
    most: int = 10_000,
    progress: Progress = silent,
) -> Written:
    """Mine the sequences of all users and write the `most` patterns and rules of each kind with the highest support.

    Those that an earlier run wrote go when the new ones stand.

    Raises:
        BadInput: an empty graph, or a support so low that there are too many patterns.
    """
    data, run = training_data(graph, progress), run_name("patterns")
    patterns = {
        kind: mine(sequences(data, events, period), options, progress=progress)
        for kind, events in (("clicks", CLICKS), ("purchases", PURCHASES))
    }
    rules = {
        "consequential": consequential_rules(data, period, options, progress),
        "purchases": rules_within(patterns["purchases"], len(data.items)),
    }
    progress("Writing patterns and rules")
    return Written(
        sum(int((np.diff(one.offsets) > 1).sum()) for one in patterns.values()),
        sum(write_patterns(graph, one, data.items, run, kind, period, most) for kind, one in patterns.items()),
        sum(map(len, rules.values())),
        sum(write_rules(graph, one, data.items, run, kind, period, most) for kind, one in rules.items()),
    )
