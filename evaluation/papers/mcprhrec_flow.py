"""A drawing of one run of MCPRHRec with what came out of each step, after figure 1 of its paper.

    python -m kartograph.evaluation.papers.mcprhrec_flow              # docs/mcprhrec.md anew, from a generated shop
    python -m kartograph.evaluation.papers.mcprhrec_flow FOLDER my.md # the same of your own data

Every number is read off a fitted model; a test fails where the page is stale.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from kartograph.evaluation.shop_tables import read_source, tables_of
from kartograph.loaders.sample import generate
from kartograph.models.columns import USER
from kartograph.models.data import TrainingData
from kartograph.models.mcprhrec.model import MCPRHRec
from kartograph.models.mcprhrec.presets import MCPRHREC
from kartograph.models.mcprhrec.profiles import ProfileOptions
from kartograph.models.mcprhrec.user_items import BOUGHT, CLICK, RULE
from kartograph.models.patterns.databases import CLICKS, PURCHASES, sequences

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mcprhrec.md"
SCALE = 0.01
TEXT = """\
# How data flow through MCPRHRec

Drawn by `python -m kartograph.evaluation.papers.mcprhrec_flow` from a run on {source}:
the preset `mcprhrec`, fitted on all events. HSPRec is the left path alone; MCE-HSPRec adds co-occurring categories,
MCPRHRec PageRank.

```mermaid
{diagram}
```
"""


def mermaid(model: MCPRHRec, data: TrainingData) -> str:
    """A fitted model as a Mermaid flowchart; `data` is what it was fitted on."""
    profiler, options = model.profiler, model.options
    clicked, bought = (int((np.diff(sequences(data, kinds).offsets) > 0).sum()) for kinds in (CLICKS, PURCHASES))
    cells = profiler.user_items.cells(data.histories)
    filled = {kind: int((cells.kind == kind).sum()) for kind in (BOUGHT, RULE, CLICK)}
    boxes = {
        "events": f"{len(data.histories.items):,} events<br/>{len(data.owners):,} users, {len(data.items):,} items",
        "clicks": f"click sequences<br/>{clicked:,} users",
        "purchases": f"purchase sequences<br/>{bought:,} users",
        "rules": f"sequential rules, GSP<br/>{len(profiler.user_items.index.rules):,}",
        "matrix": f"user-item matrix<br/>{filled[BOUGHT]:,} cells bought, {filled[CLICK]:,} clicked, {filled[RULE]:,} "
        "filled by a rule",
    }
    edges = ["events clicks", "events purchases", "clicks rules", "purchases rules", "rules matrix"]
    categories = profiler.categories
    if categories is not None:
        boxes["preferences"] = f"user-category preferences<br/>{len(categories.names):,} categories"
        boxes["co"] = f"category co-occurrence<br/>{categories.near.nnz:,} edges"
        edges += ["matrix preferences", "events co", "co preferences"]
    if options.profile.pagerank_share and categories is not None:
        boxes["walks"] = "PageRank on users and categories<br/>" + _pagerank_in_words(options.profile)
        edges += ["matrix walks", "preferences walks"]
    boxes["profiles"] = f"profiles<br/>{len(model.buyers):,} users who bought"
    boxes["neighbours"] = f"the {options.neighbours} nearest, cosine"
    boxes["scores"] = (
        f"scores<br/>own {options.own_weight:.2f}, neighbours {options.collaborative_weight:.2f}, "
        f"categories {options.category_weight:.2f}"
    )
    blocks = [name for name in ("matrix", "preferences", "walks") if name in boxes]
    edges += [f"{name} profiles" for name in blocks] + ["profiles neighbours", "neighbours scores", "matrix scores"]
    edges += [f"{name} scores" for name in blocks[1:]]
    lines = [f'    {name}["{text}"]' for name, text in boxes.items()]
    return "\n".join(["flowchart TD", *lines, *(f"    {edge.replace(' ', ' --> ')}" for edge in edges)])


def _pagerank_in_words(options: ProfileOptions) -> str:
    if options.pagerank == "personalised":
        return f"{options.walks:,} Monte Carlo walks from each category"
    return "global, exact" if options.estimate == "exact" else "global, 10 Monte Carlo walks from each node"


def page(folder: Path, source: str) -> str:
    """The page of a run on a folder or file that `evaluate` reads."""
    tables = tables_of(read_source(folder))
    data = tables.training(tables.known_users, USER)
    return TEXT.format(source=source, diagram=mermaid(MCPRHRec(MCPRHREC).fit(data), data))


def sample_page() -> str:
    """The page of a run on the generated shop."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), SCALE)
        return page(Path(folder), f"the generated shop of {SCALE:.0%} of RetailRocket's size")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        Path(sys.argv[2]).write_text(page(Path(sys.argv[1]), f"`{Path(sys.argv[1]).name}`"), encoding="utf-8")
    else:
        PAGE.write_text(sample_page(), encoding="utf-8")
