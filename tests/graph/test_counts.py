"""Tests of how much a graph holds."""

import pytest
from tests.queries import small_shop

from kartograph.graph.counts import counts_of

pytestmark = pytest.mark.server


def test_labels_and_types_are_counted_and_what_there_is_none_of_has_no_entry(graph):
    small_shop.fill(graph)
    counts = counts_of(graph)
    assert counts["User"] == len(graph.query("MATCH (u:User) RETURN u.id"))
    assert counts["INCLUDES"] == len(graph.query("MATCH ()-[r:INCLUDES]->() RETURN r.event_key"))
    assert "Cluster" not in counts
