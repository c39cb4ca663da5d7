"""Checks of the shapes and types of arrays, as annotated, in every call that a test makes."""

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from types import FunctionType
from typing import Any, get_args

from beartype import beartype
from jaxtyping import AbstractArray

TRACED = "kartograph.models.preaddl.paper.network"
"""What draws the network hands it stand-ins for tensors."""
PACKAGE = Path(__file__).parents[1] / "src" / "kartograph"


def checked_modules() -> list[str]:
    """The modules that annotate arrays, by name; not the compiled ones: beneath Numba's decorator nothing can wrap."""
    modules = []
    for package in sorted(PACKAGE.iterdir()):
        folder = package.resolve()  # packages are links, which rglob does not follow
        for file in sorted(folder.rglob("*.py")):
            if "jaxtyping" in file.read_text("utf-8") and not file.stem.endswith("kernels"):
                modules.append(".".join(("kartograph", package.name, *file.relative_to(folder).with_suffix("").parts)))
    return [name for name in modules if name != TRACED]


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its array annotations checked; others are left to pyright."""
    if not isinstance(function, FunctionType):
        return function
    arrays = {name: hint for name, hint in function.__annotations__.items() if _is_array(hint)}
    if not arrays:
        return function
    bare = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    bare.__kwdefaults__, bare.__module__, bare.__qualname__ = (
        function.__kwdefaults__,
        function.__module__,
        function.__qualname__,
    )
    bare.__annotations__ = arrays
    return update_wrapper(beartype(bare), function)


def _is_array(hint: object) -> bool:
    return (isinstance(hint, type) and issubclass(hint, AbstractArray)) or any(map(_is_array, get_args(hint)))
