"""Python objects as a table of plain nodes and arrays, and back: what a saved model consists of.

A *value* is null, true, false, a number, a text, or `{"ref": n}`, which stands for node n. A *node* refers to earlier
nodes only, so that a table is read in one pass, holds no cycle, and is as deep as it likes without nested JSON:

    ["int", "1f…"]  ["float", "nan"]  ["bytes", base64]  ["complex", [1.0, 2.0]]
    ["list" | "tuple" | "set" | "frozenset", [value, …]]   ["dict", [key, …], [value, …]]
    ["array", n]                   the n-th array        ["npy", base64]        a small one
    ["enum", class, name]          ["named", class, [value, …]]                 a named tuple
    ["object", class, {attribute: value}]                 ["made", kind, value]  see `packing_parts`

An object that is referred to twice is one node. A class is `module:Name` and has to lie in a package that the reader
allows; objects are made by `object.__new__` and get their attributes, no constructor runs. A class of which not all
attributes can be kept (a network, say) has `saved_state() -> dict`, what is kept in their place, and
`restore_state(state)`, which sets the attributes from it. `unsaved` names attributes that are never kept.
"""

import base64
import math
from enum import Enum
from functools import cached_property
from inspect import getattr_static
from io import BytesIO
from typing import Any, NoReturn

import numpy as np
from numpy import ndarray

from kartograph.models.saved.packing_parts import parts_of
from kartograph.models.saved.unpacking import class_named, slots_of
from kartograph.tables.errors import ModelFileError

DEEPEST = 150
"""Most objects that lie in each other: a structure of more is not what a model learns."""
SMALL = 2048
"""Bytes up to which an array lies in the table and has no file of its own."""
_WHOLE = 1 << 63
"""Whole numbers from here on are written in hexadecimal, which has no limit of digits."""


class Packer:
    """Makes nodes and arrays of objects."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        """`packages` are those whose classes may occur."""
        self.nodes: list[list[Any]] = []
        self.arrays: list[ndarray] = []
        self._packages = packages
        self._known: dict[int, tuple[object, dict[str, int]]] = {}
        """By identity: the object, which must live as long as its identity is used, and its value."""
        self._path: list[str | tuple[object]] = []
        """Attributes, and in tuples the keys and places, that lead to what is being packed."""
        self._inside: set[int] = set()

    def pack(self, value: object, at: str | tuple[object]) -> Any:
        """The value that stands for an object, called `at` in errors.

        Raises `ModelFileError`, which names the attribute, for what cannot be kept.
        """
        if value is None or type(value) in (bool, str):
            return value
        if type(value) is int and -_WHOLE < value < _WHOLE:
            return value
        if type(value) is float and math.isfinite(value):
            return value
        if id(value) in self._known:
            return self._known[id(value)][1]
        self._path.append(at)
        if id(value) in self._inside or len(self._path) > DEEPEST:
            raise ModelFileError(
                f"{self._where()} cannot be saved: it holds itself, or more than {DEEPEST} objects in each other. Keep "
                "it in a flat form, such as arrays."
            )
        self._inside.add(id(value))
        self.nodes.append(self._node(value))
        self._inside.discard(id(value))
        self._path.pop()
        ref = {"ref": len(self.nodes) - 1}
        self._known[id(value)] = value, ref
        return ref

    def _node(self, value: Any) -> list[Any]:
        kind = type(value)
        if kind is int:
            return ["int", hex(value)]
        if kind is float:
            return ["float", repr(value)]
        if kind is complex:
            return ["complex", [self.pack(value.real, ".real"), self.pack(value.imag, ".imag")]]
        if kind is bytes:
            return ["bytes", base64.b64encode(value).decode()]
        if kind in (list, tuple, set, frozenset):
            return [kind.__name__, self._values(value)]
        if kind is dict:
            keys = [self.pack(key, ".keys()") for key in value]
            return ["dict", keys, [self.pack(one, (key,)) for key, one in value.items()]]
        if isinstance(value, np.memmap):
            value = np.asarray(value)
        parts = parts_of(value)
        if parts is not None:
            return ["made", parts[0], self.pack(parts[1], "")]
        if type(value) is ndarray and value.dtype.kind in "biufcMmSUV" and not value.dtype.hasobject:
            return self._array(value)
        return self._object(value)

    def _values(self, values: Any) -> list[Any]:
        return [self.pack(value, (position,)) for position, value in enumerate(values)]

    def _array(self, array: ndarray) -> list[Any]:
        if array.nbytes <= SMALL:
            file = BytesIO()
            np.lib.format.write_array(file, array, allow_pickle=False)
            return ["npy", base64.b64encode(file.getvalue()).decode()]
        self.arrays.append(array)
        return ["array", len(self.arrays) - 1]

    def _object(self, value: Any) -> list[Any]:
        kind = type(value)
        name = f"{kind.__module__}:{kind.__qualname__}"
        if not _is_named(kind, name, self._packages):
            self._refuse(value, "")
        if isinstance(value, Enum):
            if kind.__members__.get(value.name or "") is not value:
                self._refuse(value, "it is a combination of members")
            return ["enum", name, value.name]
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return ["named", name, self._values(value)]
        if hasattr(kind, "saved_state"):
            state = self._state_of(value)
        elif kind.__new__ is not object.__new__ or hasattr(value, "state_dict"):
            self._refuse(value, "more than its attributes belongs to it")
        else:
            state = attributes_of(value)
        left_out = getattr(kind, "unsaved", ())
        return ["object", name, {key: self.pack(one, f".{key}") for key, one in state.items() if key not in left_out}]

    def _state_of(self, value: Any) -> dict[str, Any]:
        try:
            return value.saved_state()
        except AttributeError as error:
            raise ModelFileError(f"{self._where()} cannot be saved: {error}. Fit it first.") from error

    def _refuse(self, value: object, why: str) -> NoReturn:
        kind = type(value)
        raise ModelFileError(
            f"{self._where()} cannot be saved: it is of the class {kind.__module__}.{kind.__qualname__}"
            f"{', and ' + why if why else ''}. A model keeps numbers, text, arrays, matrices, frames, tensors and "
            f"objects of classes at the top of modules of {', '.join(self._packages)}; for anything else its class "
            "says by saved_state what to keep, and by restore_state how to use it."
        )

    def _where(self) -> str:
        shown = [at if isinstance(at, str) else f"[{_short(at[0])}]" for at in self._path[:6]]
        return "".join(shown) + (" …" if len(self._path) > 6 else "")


def attributes_of(value: object) -> dict[str, Any]:
    """The attributes of an object, those of its slots as well; without what a `cached_property` keeps in them."""
    kind = type(value)
    slots = [slot for base in kind.__mro__ for slot in slots_of(base) if hasattr(value, slot)]
    attributes = {slot: getattr(value, slot) for slot in slots} | getattr(value, "__dict__", {})
    return {
        name: one
        for name, one in attributes.items()
        if not isinstance(getattr_static(kind, name, None), cached_property)
    }


def _short(key: object) -> str:
    try:
        return f"{key!r:.40}"
    except ValueError:  # a number of more digits than Python writes
        return "…"


def _is_named(kind: type, name: str, packages: tuple[str, ...]) -> bool:
    try:
        return class_named(name, packages) is kind
    except ModelFileError:
        return False
