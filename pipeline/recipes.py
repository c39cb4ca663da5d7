"""A recipe: which model with which options. Recipes are what the gate compares and what is fitted anew every night."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kartograph.models.changed_options import with_changes
from kartograph.models.registry import declaration, make, names
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.models.base import Recommender


@dataclass(frozen=True)
class Recipe:
    """A model of the registry and what replaces the options of its preset."""

    model: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The recipe in words: `stan (neighbours 300)`."""
        changed = ", ".join(f"{name} {json.dumps(value)}" for name, value in sorted(self.options.items()))
        return f"{self.model} ({changed})" if changed else self.model

    @property
    def key(self) -> str:
        """Equal for equal recipes."""
        return json.dumps([self.model, self.options], sort_keys=True)

    def refuse_unknown(self) -> None:
        """Raise `ValueError` for a model or an option that does not exist, before anything is started."""
        if self.model not in names():
            raise ValueError(f"the model {self.model!r}; allowed are {', '.join(names())}")
        if declaration(self.model).asks_graph and self.options:
            raise ValueError(f"options of {self.model!r}, which has none")
        try:
            self.make()
        except BadInput as error:
            raise ValueError(str(error).rstrip(".")) from None

    def make(self, seed: int = 0) -> "Recommender":
        """The model, not fitted yet."""
        model = make(self.model, seed)
        if self.options:
            model.options = with_changes(model.options, dict(self.options), self.model)
        return model

    def as_dict(self) -> dict[str, Any]:
        """The recipe as JSON takes it; `of` reads it."""
        return {"model": self.model, "options": dict(self.options)}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Recipe":
        """The recipe that `as_dict` wrote."""
        return cls(content["model"], content["options"])
