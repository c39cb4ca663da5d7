"""The table of all models, made of the registry: `python -m kartograph.reference.models` writes it."""

from kartograph.models.registry import Declaration
from kartograph.reference import DOCS
from kartograph.reference.markdown import table
from kartograph.reference.measured import MEASURES, data_sets, measured, number
from kartograph.reference.model_pages import COLUMNS, families, row

PAGE = DOCS / "models.md"
INTRODUCTION = """\
# Models

`kartograph models` prints this table, `kartograph train NAME` fits a model on the shop and keeps a version, and
`kartograph evaluate` measures any of them ([how](evaluation.md)). Several names may stand for one class with other
options; each name leads to its page, with formula, source, options and commands. This page is made by
`python -m kartograph.reference.models`.

**Serves**: *a history* needs at least one known item of the user or session; *anyone* is answered without any; *new
items* are recommended before their first event. **Needs** names steps of `kartograph enrich` without whose results
the model refuses a graph; *uses* those that it reads where they are there. **Explains**: *sum*, parts that add up to
the score; *influence*, the change of the score when an item of the history is left out; *paths* in the graph; *none*.
Models marked † rank in Cypher and ask a running Neo4j; the others answer from memory.

**Accuracy** in percent, on public data: the next click of the latest 4,400 sessions (HR@20 / MRR@20), or the last
purchase of users (Recall@20 / NDCG@20). Presets that are tuned were tuned on cuts of the same data. **Cost**: seconds
to fit and milliseconds of a question, on the first of these data sets that the model was measured on, most on two cores
with other work beside them. *n/a*: the protocol does not suit the model; –: not measured. The page of a model has
cases, machine, date and command; the rows stand in `src/kartograph/reference/measured.csv`.
"""


def page() -> str:
    """Return the page as Markdown."""
    page_of = {one.name: f"models/{family.name}.md" for family in families() for one, _ in family.members}
    known = [one for family in families() for one, _ in family.members]
    head = (*COLUMNS, *(f"{data} {' / '.join(MEASURES[kind])}" for data, kind in data_sets().items()), "fit s", "ms")
    rows = ((*row(one, page_of[one.name]), *_figures(one)) for one in known)
    return INTRODUCTION + "\n" + table(head, rows) + "\n"


def _figures(one: Declaration) -> tuple[str, ...]:
    """Accuracy on each data set, then the cost on the first of them."""
    rows = [measured().get((one.name, data)) for data in data_sets()]
    timed = next((row for row in rows if row is not None and row.fit_s is not None), None)
    cost = (number(timed.fit_s), number(timed.ms_p50)) if timed else ("–", "–")
    return *(row.accuracy if row else "–" for row in rows), *cost


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
