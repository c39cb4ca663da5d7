"""The table of nodes and arrays that `packing` makes, read back into objects."""

import base64
import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
from numpy import ndarray

from kartograph.models.saved.packing_parts import from_parts
from kartograph.tables.errors import ModelFileError
from kartograph.tables.extras import naming_the_extra


class _Table:
    """The objects that were made so far, and what the readers of the nodes need."""

    def __init__(self, arrays: list[ndarray], packages: tuple[str, ...], known: bool) -> None:
        self.done: list[Any] = []
        self.arrays, self.packages, self.known = arrays, packages, known

    def value(self, packed: Any) -> Any:
        """The object that a value stands for."""
        if isinstance(packed, dict):
            return _at(self.done, packed["ref"])
        if packed is None or isinstance(packed, bool | int | float | str):
            return packed
        raise ValueError(f"{packed!r:.60} is no value")

    def values(self, packed: list[Any]) -> Iterator[Any]:
        """The objects of several values."""
        return map(self.value, packed)


def unpack(
    nodes: list[list[Any]], arrays: list[ndarray], root: Any, packages: tuple[str, ...], known: bool = False
) -> Any:
    """The object behind the value `root`; `known` says that these same nodes and arrays made sound matrices before.

    Raises `ModelFileError` for a class outside the packages, and any exception for nodes that are none.
    """
    table = _Table(arrays, packages, known)
    for kind, *rest in nodes:
        table.done.append(_READERS[kind](table, *rest))
    return table.value(root)


def class_named(name: str, packages: tuple[str, ...]) -> type:
    """The class `module:Name` of one of the packages; raises `ModelFileError` where it is not allowed or not there."""
    module, _, qualname = name.partition(":")
    if not any(module == package or module.startswith(f"{package}.") for package in packages):
        raise ModelFileError(
            f"the class {name} is of none of the packages {', '.join(packages)}: install and name the package that "
            "brings it"
        )
    try:
        with naming_the_extra(f"the model {qualname}"):
            cls: Any = import_module(module)
        for part in qualname.split("."):
            cls = vars(cls)[part]
    except (ImportError, KeyError, TypeError, ValueError) as error:
        raise ModelFileError(f"there is no class {name} in this release: train the model again") from error
    if not isinstance(cls, type) or (cls.__module__, cls.__qualname__) != (module, qualname):
        raise ModelFileError(f"{name} is no class of that module")
    return cls


def slots_of(kind: type) -> list[str]:
    """The names of the slots that a class itself declares."""
    slots = vars(kind).get("__slots__", ())
    return [slot for slot in ([slots] if isinstance(slots, str) else slots) if slot not in ("__dict__", "__weakref__")]


def _at(values: list[Any], number: Any) -> Any:
    if type(number) is not int or not 0 <= number < len(values):
        raise ValueError(f"{number!r:.60} is the number of nothing that comes before")
    return values[number]


def _read_object(table: _Table, name: str, state: dict[str, Any]) -> Any:
    kind = class_named(name, table.packages)
    instance: Any = object.__new__(kind)
    attributes = {key: table.value(one) for key, one in state.items()}
    if hasattr(kind, "restore_state"):
        instance.restore_state(attributes)
        return instance
    lacking = {field.name for field in fields(kind)} - attributes.keys() if is_dataclass(kind) else set()
    if lacking:
        raise ModelFileError(
            f"{name} has no {', '.join(sorted(lacking))}: the model is of an earlier release, train it again"
        )
    slots = {slot for base in kind.__mro__ for slot in slots_of(base)}
    for key, one in attributes.items():
        if key in slots:
            object.__setattr__(instance, key, one)
        else:
            instance.__dict__[key] = one
    return instance


def _read_enum(table: _Table, name: str, member: str) -> Any:
    kind = class_named(name, table.packages)
    if not issubclass(kind, Enum):
        raise ValueError(f"{name} has no members")
    return kind.__members__[member]


def _read_npy(table: _Table, text: str) -> ndarray:
    return np.lib.format.read_array(BytesIO(base64.b64decode(text, validate=True)), allow_pickle=False)


_READERS: dict[str, Callable[..., Any]] = {
    "int": lambda table, text: int(text, 16),
    "float": lambda table, text: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text],
    "complex": lambda table, parts: complex(*table.values(parts)),
    "bytes": lambda table, text: base64.b64decode(text, validate=True),
    "list": lambda table, items: list(table.values(items)),
    "tuple": lambda table, items: tuple(table.values(items)),
    "set": lambda table, items: set(table.values(items)),
    "frozenset": lambda table, items: frozenset(table.values(items)),
    "dict": lambda table, keys, items: dict(zip(table.values(keys), table.values(items), strict=True)),
    "array": lambda table, number: _at(table.arrays, number),
    "npy": _read_npy,
    "made": lambda table, kind, parts: from_parts(kind, table.value(parts), table.known),
    "enum": _read_enum,
    "named": lambda table, name, items: tuple.__new__(class_named(name, table.packages), table.values(items)),
    "object": _read_object,
}
