"""How alike items are by the attributes of the shop's ontology, in their present state.

    likeness(x, y) = Σ_k w_k s_k(x, y) / Σ_k w_k       over the attributes k that x has; what y lacks counts 0
    s_k = 1 - |x_k - y_k| / range_k                    numbers
    s_k = |x_k ∩ y_k| / |x_k ∪ y_k|                    values and linked individuals

The weights are those that `weigh` has found, 1 before. Items of the bundle are compared by its arrays, changed and new
ones by what their changes say.
"""

import json
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.serving.bundle.attributes import DESCRIPTION, NUMERIC, listed, token
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.bundle.texts import NONE, Texts

Said = dict[int, Any]
"""A number, or the tokens, by the number of the attribute."""


class Attributes:
    """The attributes of one worker's items."""

    def __init__(self, bundle: Bundle) -> None:
        """Begin with what the bundle holds; nothing where no ontology is loaded."""
        file = bundle.folder / DESCRIPTION
        self._known: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.is_file() else []
        self._arrays, self._items = bundle.arrays, bundle.items
        self._names = {
            name: number
            for number, one in enumerate(self._known)
            for name in (one["name"], one["property"], one["relationship"])
            if name
        }
        if self._known:
            arrays = bundle.arrays
            self._tokens = Texts(arrays["tokens.bytes"], arrays["tokens.offsets"])
            self._aliases = Texts(arrays["aliases.bytes"], arrays["aliases.offsets"])
        self._ranges = {
            number: float(np.ptp(numbers)) if len(numbers := found[~np.isnan(found)]) else 0.0
            for number, one in enumerate(self._known)
            if one["kind"] == NUMERIC
            for found in (bundle.arrays[f"numbers.{number}"],)
        }
        self.changed: dict[int, Said] = {}
        """What changes said, by row."""

    def change(self, row: int, values: dict[str, Any]) -> None:
        """Take over what a change says of a row; names that are no attributes of the ontology are left out."""
        for name, value in values.items():
            number = self._names.get(name)
            if number is None:
                continue
            if self._known[number]["kind"] == NUMERIC:
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                self.changed.setdefault(row, {})[number] = float(value) if is_number else None
            else:
                self.changed.setdefault(row, {})[number] = {self._resolved(number, one) for one in listed(value)}

    def alike(self, row: int, capacity: int) -> Float[ndarray, " capacity"] | None:
        """How alike every row is to one, itself among them; None for one of which the ontology says nothing."""
        said = self._said(row)
        if not said:
            return None
        weights = {number: float(self._known[number]["weight"]) for number in said}
        scores = np.zeros(capacity)
        for number, value in said.items():
            scores[: self._items] += weights[number] * self._of_bundle(number, value)
        for other in self.changed:
            theirs = self._said(other)
            scores[other] = sum(weights[one] * self._pair(one, value, theirs.get(one)) for one, value in said.items())
        return scores / sum(weights.values())

    def shared(self, row: int, other: int) -> list[tuple[str, str]]:
        """Attributes and values that two rows have both, as far as they are no numbers."""
        mine, theirs = self._said(row), self._said(other)
        return [
            (str(self._known[number]["name"]), text.partition("\t")[2])
            for number, value in mine.items()
            if isinstance(value, set)
            for text in sorted(value & (theirs.get(number) or set()))
        ]

    def _said(self, row: int) -> Said:
        """What is known of a row."""
        said: Said = {}
        if self._known and row < self._items:
            for number in self._ranges:
                value = float(self._arrays[f"numbers.{number}"][row])
                if not np.isnan(value):
                    said[number] = value
            for text in self._tokens_of(row):
                said.setdefault(int(text.partition("\t")[0]), set()).add(text)
        said |= self.changed.get(row, {})
        return {number: value for number, value in sorted(said.items()) if value is not None and value != set()}

    def _tokens_of(self, row: int) -> list[str]:
        places = np.flatnonzero(self._arrays["token.items"] == row)
        codes = np.searchsorted(self._arrays["token.offsets"], places, side="right") - 1
        return [self._tokens[code] for code in codes.tolist()]

    def _resolved(self, number: int, value: Any) -> str:
        """The token of a value; that of the individual where a link is named by its name."""
        text = token(number, value)
        row = self._aliases.row(text)
        return text if row == NONE else self._tokens[int(self._arrays["alias.tokens"][row])]

    def _of_bundle(self, number: int, value: Any) -> Float[ndarray, " items"]:
        if isinstance(value, float):
            scale = self._ranges[number] or 1.0
            return np.nan_to_num(np.clip(1 - np.abs(self._arrays[f"numbers.{number}"] - value) / scale, 0, 1))
        offsets, shared = self._arrays["token.offsets"], np.zeros(self._items)
        for text in value:
            code = self._tokens.row(text)
            if code != NONE:
                shared[self._arrays["token.items"][offsets[code] : offsets[code + 1]]] += 1
        return shared / (len(value) + self._arrays[f"sizes.{number}"] - shared)

    def _pair(self, number: int, mine: Any, theirs: Any) -> float:
        if theirs is None:
            return 0.0
        if isinstance(mine, float):
            return max(0.0, 1 - abs(mine - theirs) / (self._ranges[number] or 1.0))
        return len(mine & theirs) / len(mine | theirs)
