import pytest

from kartograph.models.neural.finite import refuse_infinite
from kartograph.tables.errors import BadInput


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_no_number_names_the_epoch_and_the_rate(loss):
    with pytest.raises(BadInput, match=rf"in epoch 3: its loss is {loss}\. Give a smaller learning_rate than 0\.5\."):
        refuse_infinite(loss, 2, 0.5)


def test_a_number_passes():
    refuse_infinite(-1e300, 0, 0.5)
