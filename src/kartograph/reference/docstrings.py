"""Docstrings of code as text: signatures and the texts below fields, read from the source."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache
from textwrap import dedent
from typing import Any


@dataclass(frozen=True)
class Member:
    """A public function, method or property with what its source says."""

    name: str
    signature: str
    text: str


@dataclass(frozen=True)
class Field:
    """A field of a class with the text below it."""

    name: str
    kind: str
    text: str


def fields(cls: type) -> dict[str, Field]:
    """Return the documented fields of a class and of the classes of this package above it, by name."""
    fields_by_name: dict[str, Field] = {}
    for one in reversed(_own(cls)):
        body = _body(one)
        for node, after in zip(body, [*body[1:], None], strict=True):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name = node.target.id
                if not name.startswith("_") and not ast.unparse(node.annotation).startswith("ClassVar"):
                    kind = ast.unparse(node.annotation).strip("'\"")
                    fields_by_name[name] = Field(
                        name, kind, _text_of(after) or (fields_by_name[name].text if name in fields_by_name else "")
                    )
    return fields_by_name


def members(cls: type) -> Iterator[Member]:
    """Yield the documented public methods and properties of a class, those of the classes above it first."""
    members_by_name: dict[str, Member] = {}
    for one in reversed(_own(cls)):
        for node in _body(one):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node):
                members_by_name[node.name] = _member(node)
    yield from members_by_name.values()


def function(of: Any) -> Member:
    """Return a function with its signature."""
    node = ast.parse(dedent(inspect.getsource(inspect.unwrap(of)))).body[0]
    assert isinstance(node, ast.FunctionDef)
    return _member(node)


def parameters_as_list(text: str) -> str:
    """Return a docstring with its section of parameters, as NumPy writes it, as a list."""
    head, section, rest = text.partition("Parameters\n----------\n")
    if not section:
        return text
    listed, _, rest = rest.partition("\n\n")
    return head + re.sub(r"^(\w+)\n    ", r"- `\1`: ", listed, flags=re.MULTILINE) + "\n\n" + rest


def as_markdown(text: str) -> str:
    """Return a docstring as Markdown: stars and brackets of formulas outside of code are kept from being markup."""
    code = r"(`[^`]*`|^    .*$)"
    return re.sub(
        rf"{code}|(?<!\w)(\*|<(?=[A-Za-z/]))", lambda match: match[1] or f"\\{match[2]}", text, flags=re.MULTILINE
    )


def _member(node: ast.FunctionDef) -> Member:
    marks = [ast.unparse(one) for one in node.decorator_list]
    if "property" in marks or "cached_property" in marks:
        signature = node.name
    else:
        signature = f"{node.name}({_without_self(node.args)})"
    return Member(node.name, signature, ast.get_docstring(node) or "")


def _without_self(arguments: ast.arguments) -> str:
    text = re.sub(r"^(self|cls)(, (/, )?|$)", "", ast.unparse(arguments))
    return re.sub(r"(, )?progress: Progress=silent", "", text).removeprefix(", ").removesuffix(", *")


def _own(cls: type) -> list[type]:
    return [one for one in cls.__mro__ if one.__module__.startswith("kartograph.") and (one is cls or _counts(one))]


def _counts(cls: type) -> bool:
    return is_dataclass(cls) or not cls.__name__.startswith("_")


@cache
def _body(cls: type) -> list[ast.stmt]:
    node = ast.parse(dedent(inspect.getsource(cls))).body[0]
    assert isinstance(node, ast.ClassDef)
    return node.body


def _text_of(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return inspect.cleandoc(node.value.value)
    return ""
