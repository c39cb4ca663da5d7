import pandas as pd
import pytest

from kartograph.evaluation.cases import interaction_cases, sequence_cases
from kartograph.evaluation.overlap import low_overlap, overlap
from kartograph.models.data import Ids, TrainingData
from kartograph.tables.errors import BadInput

DATA = TrainingData.from_table(
    pd.DataFrame({"user_id": ["12", "13"], "item_id": ["7", "8"], "event": "view", "timestamp": [1, 2]}), "user_id"
)


def test_ids_written_otherwise_are_refused_with_both_spellings():
    test = pd.DataFrame({"user_id": ["12.0", "13.0"], "item_id": ["7.0", "8.0"]})

    with pytest.raises(BadInput, match=r"0 of 2 users, 0 of 2 items of the test part .* written as '12\.0' .* as '12'"):
        interaction_cases(test, DATA, "none")


def test_numbers_never_meet_text_and_the_refusal_says_so():
    clicks = pd.DataFrame({"session_id": [1, 1], "position": [0, 1], "item_id": [7, 8]})

    with pytest.raises(BadInput, match=r"0 of 2 items .* as 7 .* as '7' in the training part \(int and str never meet"):
        sequence_cases(clicks, DATA.items)


def test_users_who_are_meant_to_be_new_are_no_reason_to_refuse():
    test = pd.DataFrame({"user_id": ["x"], "item_id": ["7"]})

    with pytest.raises(BadInput, match="0 of 1 users, 1 of 1 items"):
        interaction_cases(test, DATA, "none")
    assert len(interaction_cases(test, DATA, "none", all_new=True)) == 1


def test_a_person_is_told_where_most_ids_are_unknown():
    ids = Ids(pd.Index(["a", "b"]))

    half, less = overlap("items", pd.Series(["a", "x", "a"]), ids), overlap("users", pd.Series(["a", "x", "y"]), ids)

    assert low_overlap(half) == ""
    assert low_overlap(half, less).startswith("Only 1 of 2 items, 1 of 3 users of the test part are known")
