"""The order of ids by a hash of their texts, and look-ups by it."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kartograph.models.saved.texts import Texts
from kartograph.models.scoring import hashed
from kartograph.models.scoring.hashed import found_by_hash, hashed_order

IDS = st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=20)


@given(st.lists(st.text(min_size=1), unique=True, max_size=20), st.randoms())
def test_a_hashed_order_is_a_permutation_that_does_not_depend_on_the_order_of_the_ids(ids, random):
    ranks = dict(zip(ids, hashed_order(pd.Index(ids, dtype=object)).tolist(), strict=True))
    shuffled = random.sample(ids, len(ids))

    assert sorted(ranks.values()) == list(range(len(ids)))
    assert hashed_order(pd.Index(shuffled, dtype=object)).tolist() == [ranks[name] for name in shuffled]


def test_a_hashed_order_is_that_of_neither_the_alphabet_nor_the_numbers():
    ids = pd.Index([f"{n:04}" for n in range(2000)])

    assert abs(np.corrcoef(hashed_order(ids), np.arange(2000))[0, 1]) < 0.1


def rows_by_hash(ids: list[str], asked: list[object]) -> list[int]:
    order = np.argsort(hashed_order(pd.Index(ids, dtype=object)))
    return found_by_hash(Texts.of(ids), order, asked).tolist()


@given(IDS, st.lists(st.text(max_size=4), max_size=8))
def test_every_id_is_found_in_its_row_and_no_other_text_is(ids, others):
    asked = [*ids[::-1], *others, 1, None, float("nan"), "\ud800"]
    assert rows_by_hash(ids, asked) == [ids.index(one) if one in ids else -1 for one in asked]


@given(IDS)
def test_ids_of_one_hash_are_told_apart_by_their_texts(ids):
    hashes = hashed._hashes
    hashed._hashes = lambda texts: np.array([len(one) for one in texts], dtype=np.uint64)
    try:
        assert rows_by_hash(ids, [*ids, "other"]) == [*range(len(ids)), -1]
    finally:
        hashed._hashes = hashes
