"""The import is one bar that fills, by the stages and percentages that the importer writes."""

import pytest

from kartograph.graph.bulk.importer import SHARES, STEP, importing


def test_the_bar_fills_over_the_stages_and_never_goes_back():
    seen: list[tuple[str, float | None, float | None]] = []
    report = importing(lambda step, done=None, total=None: seen.append((step, done, total)))
    for line in (
        "Neo4j version: 5.26.30",
        "Estimated 40% of it",
        "(1/4) Node import 2026-11-26 11:30:12.100+0000",
        ".......... .......... .......... .......... ..........  50% ∆8ms [5s 27ms]",
        "(2/4) Relationship import 2026-11-26 11:30:46.100+0000",
        ".......... .......... .......... .......... .......... 100% ∆723ms [6s 665ms]",
        "(3/4) Relationship linking 2026-11-26 11:30:46.100+0000",
        "(4/4) Post processing 2026-11-26 11:30:46.100+0000",
        ".......... .......... .......... .......... .......... 100% ∆0ms [1s 2ms]",
    ):
        report(line)
    assert {(step, total) for step, _, total in seen} == {(STEP, 100)}
    assert [done for _, done, _ in seen] == [0, 16, 32, 49, 49, 79, 100]


def test_stages_of_another_number_have_equal_shares():
    seen: list[float | None] = []
    report = importing(lambda step, done=None, total=None: seen.append(done))
    report("(2/2) Relationship import 2026")
    report(".......... 50% ∆1ms")
    assert seen == [50, 75]


def test_the_shares_are_those_of_one_whole():
    assert sum(SHARES) == pytest.approx(1)
