"""A filter that a person writes: one boolean SQL expression over the items, checked before any database sees it.

    evaluate("price < 10 and brand in ('Acme', 'Bolt')", table)

The text is parsed, every node of its tree has to be on a list of what is allowed, and what DuckDB then runs is written
anew from that tree, in a database that holds the columns named and can reach nothing else.
"""

from collections.abc import Mapping
from difflib import get_close_matches

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import sqlglot
from jaxtyping import Bool
from numpy import ndarray
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from kartograph.tables.errors import BadInput

LONGEST = 4_000
"""Characters of the longest expression."""
_OPERATORS = (
    *(exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In),
    *(exp.Between, exp.Like, exp.ILike, exp.Escape, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Case, exp.If),
    *(exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe),
)
_VALUES = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null)
_FUNCTIONS = {
    "lower": exp.Lower,
    "upper": exp.Upper,
    "length": exp.Length,
    "trim": exp.Trim,
    "contains": exp.Contains,
    "starts_with": exp.StartsWith,
    "ends_with": exp.EndsWith,
    "regexp_matches": exp.RegexpLike,
    "coalesce": exp.Coalesce,
    "nullif": exp.Nullif,
    "least": exp.Least,
    "greatest": exp.Greatest,
    "abs": exp.Abs,
    "round": exp.Round,
    "floor": exp.Floor,
    "ceil": exp.Ceil,
}
_ALLOWED = frozenset((*_OPERATORS, *_VALUES, *_FUNCTIONS.values()))


def evaluate(text: str, columns: Mapping[str, pd.Series]) -> Bool[ndarray, " items"]:
    """Return for which items an expression is true; where it is null, for want of a value, it is not.

    `columns` are those of the item table. Raises `BadInput` for whatever is not one boolean expression over them.
    """
    tree = checked(text, list(columns))
    used = {column.name for column in tree.find_all(exp.Column)}
    rows = len(next(iter(columns.values())))
    try:
        table = pa.table({"row": np.arange(rows)} | {name: pa.array(columns[name], from_pandas=True) for name in used})
        with duckdb.connect(":memory:") as database:
            database.register("items", table)
            database.execute("SET enable_external_access = false")
            database.execute("SET python_enable_replacements = false")
            database.execute("SET lock_configuration = true")
            # Made of nodes that are all on the list; nothing of the text itself is left in it.
            kept = database.execute(f"SELECT ({tree.sql(dialect='duckdb', comments=False)}) AS keep FROM items")
            [(_, type_, *_)] = kept.description or []
            if str(type_) != "BOOLEAN":
                raise BadInput(
                    f"the filter {_shown(text)} gives {type_}, not true or false for each item: compare it with "
                    'something, as in "price < 10"'
                )
            keep = kept.fetchnumpy()["keep"]
    except (duckdb.Error, pa.ArrowException, RecursionError) as error:
        raise BadInput(f"the filter {_shown(text)} cannot be evaluated: {_first_line(error)}") from None
    return np.ma.filled(keep, False).astype(bool)


def names_column(text: str, column: str) -> bool:
    """Whether an expression names a column; false for a text that is no expression, which `evaluate` refuses."""
    try:
        return any(one.name.lower() == column for one in _parsed(text).find_all(exp.Column))
    except Exception:  # a parser has many ways to fail on text that is none of its language
        return False


def checked(text: str, columns: list[str]) -> exp.Condition:
    """Return the tree of an expression over these columns, all nodes of it allowed; column names in lower case.

    Raises `BadInput` for every other text.
    """
    if len(text) > LONGEST:
        raise BadInput(f"the filter has {len(text):,} characters; the longest that is read has {LONGEST:,}")
    tree = _checked(text, columns)
    try:
        written = tree.sql(dialect="duckdb", comments=False)
    except RecursionError:
        raise BadInput(f"the filter {_shown(text)} is nested too deep") from None
    return _checked(written, columns)  # what a database gets to see passes as well


def _parsed(text: str) -> exp.Condition:
    """Return the tree of a text; raises whatever the parser does."""
    text.encode()
    if any(token.token_type.name == "SEMICOLON" for token in sqlglot.tokenize(text, dialect="duckdb")):
        raise ValueError("it holds a semicolon outside of quotes")
    return sqlglot.parse_one(text, dialect="duckdb", into=exp.Condition)


def _checked(text: str, columns: list[str]) -> exp.Condition:
    try:
        tree = _parsed(text)
        nodes = list(tree.walk())
    except Exception as error:  # a parser has many ways to fail on text that is none of its language
        raise BadInput(
            f"the filter {_shown(text)} is no SQL expression: {_cause(error)}. Write one condition over the "
            f"columns {', '.join(columns)}, such as \"price < 10 and brand = 'Acme'\""
        ) from None
    for node in nodes:
        if type(node) not in _ALLOWED or node.args.get("field") or node.args.get("query") or node.args.get("unnest"):
            raise BadInput(_refused(text, node.key if isinstance(node, exp.AggFunc) else node.name or node.key))
        if isinstance(node, exp.Column):
            _check_column(text, node, columns)
    return tree


def _check_column(text: str, column: exp.Column, columns: list[str]) -> None:
    name = column.name.lower()
    if column.table or name not in columns:
        written = column.sql(dialect="duckdb")
        near = get_close_matches(name, columns, n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        quoted = f"; a text is written in single quotes: '{column.name}'" if column.this.args.get("quoted") else ""
        raise BadInput(
            f"the filter {_shown(text)} names the column {written}, which items do not have{hint}{quoted}; "
            f"the columns are {', '.join(columns)}"
        )
    column.set("this", exp.to_identifier(name, quoted=True))


def _refused(text: str, part: str) -> str:
    return (
        f"the filter {_shown(text)} holds {part}, which a filter may not: it is one condition over the columns of an "
        "item, of comparisons, and, or, not, in (values), between, like, is null, case, arithmetic, and the functions "
        f"{', '.join(_FUNCTIONS)}"
    )


def _cause(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, TokenError):
        return "a quote or a comment in it has no end"
    if isinstance(error, ParseError) and error.errors and (column := error.errors[0]["col"]):
        missing = error.errors[0]["description"].startswith("Required")
        return f"{'something is missing' if missing else 'it ends or goes on wrongly'} at character {column}"
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__


def _shown(text: str) -> str:
    short = text if len(text) <= 80 else f"{text[:79]}…"
    return f'"{short}"'.encode(errors="replace").decode()
