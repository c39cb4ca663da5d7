"""Training that left the range of numbers ends with a sentence, never with a network of NaN."""

from math import isfinite

from kartograph.tables.errors import BadInput


def refuse_infinite(loss: float, epoch: int, learning_rate: float) -> None:
    """Raise `BadInput` where the loss of an epoch, counted from 0, is NaN or infinite."""
    if not isfinite(loss):
        raise BadInput(
            f"Training left the range of numbers in epoch {epoch + 1}: its loss is {loss}. "
            f"Give a smaller learning_rate than {learning_rate}."
        )
