"""What of a history an item is linked with most."""

import numpy as np

from kartograph.models.groups import offsets_of
from kartograph.serving.ranking.reasons_kernels import strongest_links

EDGES = [(0, 1, 2.0), (0, 2, 1.0), (1, 0, 2.0), (2, 0, 1.0), (2, 3, 4.0), (4, 0, 0.5)]
"""From, to, weight, over five items: 3 keeps no edge though 2 has one to it, and 0 none though 4 has one to it."""


def links(history: list[int], wanted: list[int]) -> tuple[list[int], list[int]]:
    source, target, weight = (np.array(column) for column in zip(*EDGES, strict=True))
    met, near = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
    strongest_links(
        offsets_of(source, 5), target.astype(np.int32), weight.astype(np.float32),
        np.array(history, np.int64), np.array(wanted, np.int64), met, near,
    )  # fmt: skip
    return met.tolist(), near.tolist()


def test_the_heaviest_edge_counts_whichever_of_the_two_keeps_it() -> None:
    assert links([2, 1], [0]) == ([1], [-1]), "2.0 with 1, 1.0 with 2"
    assert links([0, 3], [2, 4]) == ([1, 0], [-1, -1]), "4.0 with 3, which only 2 keeps; 0.5 with 0, which 4 keeps"


def test_without_an_edge_the_items_between_count() -> None:
    # 1 and 2 both occur with 0: 2.0 · 1.0 from 1; 4 occurs with 0 as well: 0.5 · 1.0.
    assert links([1, 4], [2]) == ([-1], [0])
    assert links([1, 1], [2]) == ([-1], [1]), "of equals the later"


def test_an_item_without_edges_or_of_later_times_has_no_link() -> None:
    assert links([1], [3, 7]) == ([-1, -1], [-1, -1])
    assert links([7], [0]) == ([-1], [-1])
    assert links([], [0]) == ([-1], [-1])
