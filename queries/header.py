"""What the header of a `.cypher` file says: the question, where the idea is from, what has to be run before it."""

import re
from dataclasses import dataclass

from kartograph.queries import Statement

_FIELD = re.compile(r"^// (Source|Needs|Returns): +(.*?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Header:
    """The comment lines above a statement."""

    question: str
    """The first line: what the statement answers or does, a sentence."""
    returns: str
    """The columns with their Cypher types, and the order of the rows; "nothing" where there are none."""
    source: str | None = None
    """Whose idea it is, where it is someone's."""
    needs: tuple[str, ...] = ()
    """Names of the statements that have to be run before, with the parameters they show."""


def header_of(statement: Statement) -> Header:
    """Read the header of a statement; a line that is missing gives an empty text."""
    first = statement.text.partition("\n")[0]
    fields = dict(_FIELD.findall(statement.text))
    return Header(
        question=first.removeprefix("//").strip(),
        returns=fields.get("Returns", ""),
        source=fields.get("Source"),
        needs=tuple(name.strip() for name in fields.get("Needs", "").split(",") if name.strip()),
    )
