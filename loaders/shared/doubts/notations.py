"""Prices of two notations in one column: `1.234` has a decimal point by itself, and a thousand beside `12,50`."""

from collections.abc import Mapping

from kartograph.loaders.shared.doubts.witness import Witness

_THOUSAND = r"(^|[^0-9.,])[0-9]{1,3}\.[0-9]{3}([^0-9.,]|$)"
_DECIMAL_COMMA = r"[0-9],[0-9]{1,2}([^0-9.,]|$)"


def notations(columns: Mapping[str, str], decimal_comma: bool) -> list[Witness]:
    """What is seen in the column of prices, where nobody has said what a comma means.

    Each value is read by itself, so that the same rows give the same prices in any split into files.
    """
    if "price" not in columns or decimal_comma:
        return []
    column = columns["price"]

    def words(example: str, count: int, rows: int) -> str:
        return (
            f"column {column!r} has decimal commas, and {example!r} is read with a decimal point: if that is a "
            "thousand, say --decimal-comma"
        )

    return [
        Witness(
            column,
            lambda text: text.re_search(_THOUSAND),
            words,
            beside=lambda text: text.re_search(_DECIMAL_COMMA),
        )
    ]
