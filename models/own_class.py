"""Classes of a researcher's own, named as `file.py:Class`."""

import importlib.util
import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from kartograph.tables.errors import BadInput, KartographError

T = TypeVar("T")


def own_class(text: str, base: type[T], kind: str) -> type[T]:
    """The class of `file.py:Class` or `package.module:Class`.

    Raises `BadInput` where there is no such file or module, it cannot be imported, or the class is none of `base`;
    `kind` is what the message calls it.
    """
    source, _, name = text.rpartition(":")
    module = _file(Path(source), kind) if source.endswith(".py") else _imported(source, lambda: import_module(source))
    cls = getattr(module, name, None)
    if not (isinstance(cls, type) and issubclass(cls, base)):
        there = [key for key, value in vars(module).items() if _is_concrete(value, base, module)]
        raise BadInput(
            f"{source} has no {kind} {name!r}. A {kind} is a class below {base.__module__}.{base.__name__}; "
            f"there are {', '.join(there) or 'none'}."
        )
    return cls


def _file(file: Path, kind: str) -> ModuleType:
    if not file.is_file():
        raise BadInput(f"{file} is not a file. A {kind} of your own is named as file.py:Class.")
    name = f"kartograph_own_{file.stem}"
    specification = importlib.util.spec_from_file_location(name, file.absolute())
    assert specification is not None and specification.loader is not None  # a file that ends in .py has both
    loader, module = specification.loader, importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # where dataclasses look up the types of their fields

    def run() -> ModuleType:
        loader.exec_module(module)
        return module

    return _imported(str(file), run)


def _imported(source: str, run: Callable[[], ModuleType]) -> ModuleType:
    try:
        return run()
    except KartographError:
        raise
    except Exception as error:
        raise BadInput(f"{source} cannot be imported: {type(error).__name__}: {error}") from error


def _is_concrete(value: object, base: type, module: ModuleType) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
    )
