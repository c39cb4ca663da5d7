"""The tour of the graph, made of statements and their tested rows: `python -m kartograph.reference.tour` writes it."""

from dataclasses import dataclass

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
own shop, then the statement; or ask on the command line, as shown. The rows and pictures below are those of the very
small shop that the tests use.

The statements are those of [queries/](../queries/README.md), which holds many more. This page is made by
`python -m kartograph.reference.tour`.
"""
_DID = "VIEWED|CARTED|BOUGHT|BORROWED"


@dataclass(frozen=True)
class Stop:
    """What is to be seen in the rows of a statement, and a further one to be drawn; none where the rows are paths."""

    remark: str
    diagram: str = ""


STOPS = {
    "explore/user_history": Stop(
        "A user `HAD` sessions, a session `INCLUDES` items. `at` is in milliseconds UTC.",
        "MATCH path = (:User {id: $user})-[:HAD]->(:Session)-[:INCLUDES]->(:Item) RETURN path;",
    ),
    "explore/category_tree": Stop(
        "Items are `IN_CATEGORY`, categories `CHILD_OF` others; the query walks the tree.",
        "MATCH path = (:Category {id: $category})<-[:CHILD_OF*0..3]-(:Category)<-[:IN_CATEGORY]-(:Item) RETURN path;",
    ),
    "explore/item_neighbours": Stop(
        "`kartograph enrich` computes `CO_OCCURS` from the sessions that both items are in.",
        "MATCH path = (:Item {id: $item})-[:CO_OCCURS]-(:Item) RETURN path;",
    ),
    "recommend/from_similar_users": Stop(
        "Collaborative filtering in one statement.",
        f"MATCH path = (:User {{id: $user}})-[:{_DID}]->(:Item)<-[:{_DID}]-(:User)-[:{_DID}]->(:Item)\n"
        "RETURN path LIMIT 20;",
    ),
    "explain/recommended": Stop(
        "What a model wrote back has the parts of its score, for anybody to ask.",
        "MATCH path = (:User {id: $user})-[:RECOMMENDED]->(:Item)-[:IN_CATEGORY]->(:Category) RETURN path;",
    ),
    "explain/paths": Stop("Browser draws this one: the paths from the user over one item to the recommended item."),
}
"""The statements of the tour."""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([INTRODUCTION.rstrip(), *(_stop(name, one) for name, one in STOPS.items())]) + "\n"


def picture_of(name: str) -> str:
    """The file of the picture of a stop, beside the page; `python -m tests.docs.pictures browser` makes it."""
    return f"tour_{name.partition('/')[2]}.png"


def _stop(name: str, stop: Stop) -> str:
    statement = queries.load(name)
    header = header_of(statement)
    parameters = "".join(f" --param {key}={str(value).strip(chr(34))}" for key, value in statement.shown.items())
    rows = expected_rows(name)
    parts = [
        f"## {header.question.removesuffix('.')}",
        f"{stop.remark} File: [{name}.cypher](../queries/{name}.cypher).",
    ]
    if header.needs:
        parts.append(f"Run first: {', '.join(code(one) for one in header.needs)}; `kartograph enrich` has done it.")
    parts += [
        f"```cypher\n{statement.text.rstrip()}\n```",
        f"```sh\nkartograph query {name}{parameters}\n```",
        table(rows[0], rows[1:]),
    ]
    if stop.diagram:
        parts.append(f"As a graph:\n\n```cypher\n{stop.diagram}\n```")
    parts.append(f"![{header.question.removesuffix('.')}, drawn by Neo4j Browser]({picture_of(name)})")
    return "\n\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
