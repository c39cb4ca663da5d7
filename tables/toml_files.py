"""TOML files that a person writes, and what is wrong with one.

A line for each fault: where it stands, what was received, what is allowed.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kartograph.tables.errors import BadInput

Model = TypeVar("Model", bound=BaseModel)
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"-]+)\s*\]\]?\s*(?:#.*)?$")


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; raises `BadInput` where there is none, or it is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path} is not TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise BadInput(f"{path} cannot be read: {reason}. Name a TOML file.") from None


def checked(path: Path, content: Mapping[str, Any], model: type[Model]) -> Model:
    """The content of a file as a model; raises `BadInput` with a line for every fault."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BadInput(_in_lines(path, error, model)) from None


def _in_lines(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    """All faults of a file, `shop.toml line 12, gate.margin: received 3, allowed …`."""
    text = path.read_text("utf-8").splitlines()
    faults = error.errors(include_url=False)
    # A list whose members are refused is called too short as well.
    inner = {one["loc"][:length] for one in faults for length in range(1, len(one["loc"]))}
    shown = [one for one in faults if one["loc"] not in inner]
    return "\n".join(_line(path, text, one, model) for one in shown)


def _line(path: Path, text: Sequence[str], fault: ErrorDetails, model: type[BaseModel]) -> str:
    keys = [part for part in fault["loc"] if part not in ("function-after", "constrained-str")]
    line = _line_of(text, keys)
    shown = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys) or "the whole file"
    where = f"{path.name}{f' line {line}' if line else ''}, {shown}"
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return f"{where}: is missing."
    if kind == "extra_forbidden":
        allowed = fields_beside(model, keys)
        return f"{where}: received a key that does not exist, allowed are {', '.join(allowed)}."
    if kind == "value_error":
        return f"{where}: received {context['error']}." if not keys or _is_table(fault) else _value(where, fault)
    return _value(where, fault)


def _value(where: str, fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    allowed = str(context["error"]) if fault["type"] == "value_error" else context.get("expected") or _plain(fault)
    return f"{where}: received {fault['input']!r:.80}, allowed: {allowed}."


def _plain(fault: ErrorDetails) -> str:
    """What pydantic says of a value, as what is allowed."""
    if fault["type"] == "model_type":
        return "a number, or a table as { warn = 0.1, stop = 0.5 }" if fault["loc"][0] == "checks" else "a table"
    words = re.sub(r"^Input should be (a valid )?", "", fault["msg"])
    return words[:1].lower() + words[1:]


def _is_table(fault: ErrorDetails) -> bool:
    return isinstance(fault["input"], Mapping | list)


def fields_beside(model: Any, keys: Sequence[Any]) -> list[str]:
    """The fields of the model, or of the one within it, in which a key stands that is none."""
    current: Any = model
    for key in keys[:-1]:
        if isinstance(key, str) and isinstance(current, type) and issubclass(current, BaseModel):
            current = current.model_fields[key].annotation
            current = next(
                (part for part in get_args(current) if isinstance(part, type)), current
            )  # of `Section | None`
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _line_of(text: Sequence[str], keys: Sequence[Any]) -> int | None:
    """The line at which a key stands, else its table's; None where neither does."""
    names = [key for key in keys if isinstance(key, str)]
    number = next((key for key in keys if isinstance(key, int)), 0)
    table, seen, line_found = "", -1, None
    for place, line in enumerate(text, 1):
        if header := _HEADER.match(line):
            table = header[1].replace('"', "")
            seen += names[:1] == [table] and line.lstrip().startswith("[[")
            if names and table == names[0] and (seen in (-1, number)):
                line_found = place
            continue
        inside = names[: table.count(".") + 1] == table.split(".") and seen in (-1, number)
        key = names[table.count(".") + 1] if table and inside and len(names) > table.count(".") + 1 else None
        if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return place
    return line_found
