"""Which items may be recommended: a typed filter, and what holds for lists that people see.

where(available=True, category="kitchen", price_max=50)
for_people("price < 50")
"""

from difflib import get_close_matches
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kartograph.tables.errors import BadInput, refusal_of


def _several(value: object) -> object:
    """A single id stands for a list of one."""
    return (value,) if isinstance(value, str) else value


OneOrSeveral = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Where(BaseModel):
    """The conditions that an item has to meet, all of them; a condition that is None is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    available: bool | None = None
    """True leaves out what is known to be unavailable (unknown counts as available); False leaves only that."""
    category: OneOrSeveral | None = None
    """Ids of categories; an item has to be in one of them or in one below."""
    price_min: float | None = Field(None, ge=0)
    """Least price; an item whose price is unknown is left out."""
    price_max: float | None = Field(None, ge=0)
    """Highest price; an item whose price is unknown is left out."""
    brands: OneOrSeveral | None = None
    """An item has to be of one of these brands, written in the same way."""
    include: OneOrSeveral | None = None
    """Ids of items; an item has to be one of them."""
    exclude: OneOrSeveral | None = None
    """Ids of items that are left out."""
    not_bought_days: float | None = Field(None, gt=0)
    """Days for which a user is not shown what the user bought."""

    @model_validator(mode="after")
    def _price_range(self) -> Self:
        if self.price_min is not None and self.price_max is not None and self.price_min > self.price_max:
            raise ValueError(f"price_min {self.price_min:g} is above price_max {self.price_max:g}")
        return self

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a JSON object of conditions; raises `BadInput` as `where` does."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise BadInput(_explained(error)) from None

    def to_json(self) -> str:
        """Write the conditions that there are as a JSON object."""
        return self.model_dump_json(exclude_none=True)


def where(**conditions: Any) -> Where:
    """Return the filter with these conditions, the fields of `Where`.

    Raises `BadInput` for a condition that does not exist or has a value that it cannot have.
    """
    try:
        return Where(**conditions)
    except ValidationError as error:
        raise BadInput(_explained(error)) from None


class WithExpression(Where):
    """The conditions, and an expression that has to be true besides."""

    expression: str


def for_people(condition: Where | str | None = None) -> Where:
    """The filter of a list that people get to see: what is known to be unavailable is left out.

    Unless the filter itself says which items it wants in this respect: by its condition `available`, or by an
    expression that names the column. Lists that measure a model have no such filter.
    """
    if isinstance(condition, str):
        from kartograph.models.where.filter_expressions import names_column

        available = None if names_column(condition, "available") else True
        return WithExpression.model_validate({"available": available, "expression": condition})
    if condition is None:
        return where(available=True)
    return condition if condition.available is not None else condition.model_copy(update={"available": True})


def _explained(error: ValidationError) -> str:
    wrong = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in wrong["loc"])
    if wrong["type"] == "extra_forbidden":
        near = get_close_matches(name, Where.model_fields, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f'a filter has no condition "{name}": {hint}There are {", ".join(Where.model_fields)}'
    if wrong["type"] == "json_invalid":
        return f"a filter is a JSON object of conditions ({', '.join(Where.model_fields)}): {wrong['msg']}"
    at = f"the condition {name} of a filter is {wrong['input']!r}" if name else "a filter is not what it has to be"
    return f"{at}: {refusal_of(wrong)}"
