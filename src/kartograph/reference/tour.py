"""The tour of the graph, made of statements and their tested rows: `python -m kartograph.reference.tour` writes it."""

from kartograph import queries
from kartograph.queries.header import header_of
from kartograph.queries.readme import expected_rows
from kartograph.reference import DOCS
from kartograph.reference.markdown import code, table

PAGE = DOCS / "tour.md"
INTRODUCTION = """\
# Tour of the graph

Six questions to ask in Neo4j Browser, in an order in which they make sense. `kartograph demo` makes a shop to ask
them of; [Neo4j Browser](browser.md) says how to log in. Run the `:param` lines first, one by one, with an id of your
own shop, then the statement; or ask on the command line, as shown. The rows below are those of the very small shop
that the tests use.

The statements are those of [queries/](../queries/README.md), which holds many more. This page is made by
`python -m kartograph.reference.tour`.
"""
STOPS = {
    "explore/user_history": "A user `HAD` sessions, a session `INCLUDES` items. `at` is in milliseconds UTC.",
    "explore/category_tree": "Items are `IN_CATEGORY`, categories `CHILD_OF` others; the query walks the tree.",
    "explore/item_neighbours": "`kartograph enrich` computes `CO_OCCURS` from the sessions that both items are in.",
    "recommend/from_similar_users": "Collaborative filtering in one statement.",
    "explain/recommended": "What a model wrote back has the parts of its score, for anybody to ask.",
    "explain/paths": "Browser draws this one: the paths from the user over one item to the recommended item.",
}
"""The statements of the tour with what is to be seen in their rows."""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([INTRODUCTION.rstrip(), *(_stop(name, remark) for name, remark in STOPS.items())]) + "\n"


def _stop(name: str, remark: str) -> str:
    statement = queries.load(name)
    header = header_of(statement)
    parameters = "".join(f" --param {key}={str(value).strip(chr(34))}" for key, value in statement.shown.items())
    rows = expected_rows(name)
    parts = [f"## {header.question.removesuffix('.')}", f"{remark} File: [{name}.cypher](../queries/{name}.cypher)."]
    if header.needs:
        parts.append(f"Run first: {', '.join(code(one) for one in header.needs)}; `kartograph enrich` has done it.")
    parts += [
        f"```cypher\n{statement.text.rstrip()}\n```",
        f"```sh\nkartograph query {name}{parameters}\n```",
        table(rows[0], rows[1:]),
    ]
    return "\n\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
