import pandas as pd
import pytest
from tests.models.sessions import training

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.leaks import refuse_foreign_items, refuse_whole_period
from kartograph.evaluation.measuring import measure
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import Ids
from kartograph.tables.errors import Leak


class Clairvoyant(Popularity):
    """Numbers one item more than its training data has: its vocabulary was made of everything."""

    def fit(self, data, progress=None):
        super().fit(data)
        self.items = Ids(data.items.external.append(pd.Index(["z"])))
        return self


def test_a_test_item_in_the_vocabulary_of_a_model_raises_the_alarm():
    data = training("ab", "ba")
    clicks = pd.DataFrame({"session_id": ["s", "s"], "position": [0, 1], "item_id": ["a", "z"]})

    with pytest.raises(Leak, match="Clairvoyant knows 1 items that are not in its training data, such as 'z'"):
        measure(Clairvoyant(), data, sequence_cases(clicks, data.items), 2)


def test_a_model_with_the_items_of_its_training_data_passes():
    data = training("ab", "ba")

    refuse_foreign_items(Popularity().fit(data), Ids(data.items.external.copy()))


@pytest.mark.parametrize("column", ["borrow_count", "purchase_count", "event_count", "circulation_years", "Popularity"])
def test_a_column_that_counts_the_whole_period_raises_the_alarm(column):
    with pytest.raises(Leak, match=f"Columns {column} count over the whole period"):
        refuse_whole_period(["title", "year", column])
    refuse_whole_period(["title", "year"])
