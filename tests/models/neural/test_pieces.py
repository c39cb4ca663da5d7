import numpy as np
from tests.models.sessions import asking, training

from kartograph.models.neural.pieces import batches, padded, pieces_of, prefixes


def _words(data, histories):
    names = "".join(data.items.external[histories.items])
    return [names[start:stop] for start, stop in zip(histories.offsets[:-1], histories.offsets[1:], strict=True)]


def test_long_histories_are_cut_into_pieces_that_overlap_by_an_eighth():
    data = training("abcdefghij" * 2, "a", "bc")

    pieces, owners = pieces_of(data.histories, history_length=8)

    assert _words(data, pieces) == ["abcdefghi", "hijabcdef", "efghij", "bc"]
    assert owners.tolist() == [0, 0, 0, 2]


def test_every_event_but_the_first_is_the_target_of_the_latest_events_before_it():
    data = training("abcd", "e", "ba")

    shown, targets, owners = prefixes(data.histories, history_length=2)

    assert _words(data, shown) == ["a", "ab", "bc", "b"]
    assert "".join(data.items.external[targets]) == "bcda"
    assert owners.tolist() == [0, 0, 0, 2]


def test_histories_are_padded_behind_their_latest_events():
    data = training("abc")

    items, events, lengths = padded(asking(data, "abc", "", "b"), padding=9, history_length=2)

    assert items.tolist() == [[1, 2], [9, 9], [1, 9]]
    assert events.tolist() == [[0, 0]] * 3
    assert lengths.tolist() == [2, 0, 1]


def test_batches_hold_every_row_once_and_rows_of_like_length_together():
    lengths = np.array([2, 9, 2, 9, 2, 9])

    parts = batches(lengths, 8, np.random.default_rng(0))

    assert sorted(np.concatenate(parts)) == [0, 1, 2, 3, 4, 5]
    assert sorted(len(part) for part in parts) == [1, 1, 1, 3]  # 3 of one click to predict, each of 8
    assert {tuple(sorted(part)) for part in parts} >= {(0, 2, 4)}
