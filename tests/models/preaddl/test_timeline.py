import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kartograph.models.data import NONE
from kartograph.models.preaddl.timeline import Timeline

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=30)
asked = st.tuples(st.integers(NONE, 4), st.integers(-3, 12))


@given(rows, asked, st.integers(-1, 9))
def test_every_lookup_finds_what_a_plain_search_finds(table, question, back):
    owners, times = np.array(table).T
    timeline = Timeline.of(owners, times)
    owner, time = question
    mine = [place for place in np.argsort(times, kind="stable") if owners[place] == owner]
    earlier = [place for place in mine if times[place] < time]
    held = [place for place in mine if times[place] <= time]
    stand_in = mine[:1] if mine and times[mine[0]] <= back else []

    one = np.array([owner]), np.array([time])
    assert timeline.before(*one)[0] == len(earlier)
    assert timeline.latest(*one)[0] == (held[-1] if held else -1)
    assert timeline.latest(*one, back=back)[0] == (held[-1] if held else stand_in[0] if stand_in else -1)
    assert timeline.window(*one, 3)[0].tolist() == ([*earlier[::-1], -1, -1, -1])[:3]


def test_an_empty_table_holds_nothing():
    empty = Timeline.of(np.zeros(0, np.int64), np.zeros(0, np.int64))
    one = np.array([0]), np.array([5])
    assert empty.before(*one)[0] == 0
    assert empty.latest(*one, back=9)[0] == -1
    assert empty.window(*one, 2).tolist() == [[-1, -1]]
