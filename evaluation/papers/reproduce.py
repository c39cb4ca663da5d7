"""One call per paper: run its protocol on data, and write its page: reported, measured, what the tables hide.

reproduce("mcprhrec", Path("2019-Oct.csv.gz"))         # on data of one's own
reproduce("mcprhrec")                                  # on a generated shop
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.pairs.pair_results import ALWAYS_YES
from kartograph.evaluation.papers.pages import beside, between, difference_table, hidden, markdown, page
from kartograph.evaluation.report.reported import MCPRHREC, PREADDL
from kartograph.evaluation.runner import Evaluation, evaluate
from kartograph.evaluation.statistics.differences import differences_of_cases
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

FAMILY = "popularity,hsprec,hsprec-50,mce-hsprec,mce-hsprec-50,mcprhrec,mcprhrec-50,mcprhrec-tuned"
"""The systems of MCPRHRec's paper with both of its numbers of neighbours."""
ABLATION = (
    "mcprhrec,mcprhrec-personalised,mcprhrec-short-rules,mcprhrec-no-periods,mcprhrec-no-patterns,"
    "mcprhrec-filled-categories,mcprhrec-histories,mcprhrec-no-co-occurrence,mcprhrec-no-cf,mce-hsprec,hsprec,"
    "mcprhrec-tuned"
)
BASE = "mcprhrec"
"""The paper's, which the others of the ablation are compared with."""
PAIRS = "preaddl,preaddl-deep,bert,svm,knn,naive-bayes,decision-tree,popularity"
"""What is asked of pairs: the paper's models, its network with the other reading of the deep branch, and the item's
number of events alone. BERT needs a package of its own; without it its row says so."""


@dataclass(frozen=True)
class Options:
    """What a reproduction may be told; what does not concern its paper is left alone."""

    scale: float = 0.02
    """Size of the shop that is generated where there is no data; 1.0 is the full one."""
    share: float = 0.937
    """Share of positives among the pairs of MCPRHRec's folds, as its figures imply."""
    folds: int | None = None
    """The paper's number by default: 5 of users, 10 of sessions."""
    crossovers: int = 100
    """Of the ontology's genetic algorithm."""
    ontology: Path | None = None
    """Of the items, for visits that are no library's."""
    seed: int = 0


def reproduce(paper: str, data: Any = None, options: Options | None = None, progress: Progress = silent) -> str:
    """The page of a paper: `preaddl`, `mcprhrec` or `ontology`. Raises `BadInput` for others, and as protocols do."""
    if paper not in PAPERS:
        raise BadInput(f"There is no paper {paper!r} here. Papers are {', '.join(PAPERS)}.")
    return PAPERS[paper](data, options or Options(), progress)


def _mcprhrec(data: Any, options: Options, progress: Progress) -> str:
    from kartograph.evaluation.pairs.negatives import Negatives
    from kartograph.evaluation.protocols.user_folds import UserFolds
    from kartograph.evaluation.shop_tables import shop_tables
    from kartograph.models.mcprhrec.shared_training import shared_training

    with _given(data, "mcprhrec", options) as (source, words):
        tables = shop_tables(source, progress)
    negatives = Negatives(share=options.share)
    paper = UserFolds(options.folds or 5, include_seen=True, negatives=negatives)
    counts = tables.known_users["event"].value_counts()
    events = ", ".join(f"{number:,} {event}" for event, number in counts.items())
    seeds = (options.seed,)
    with shared_training():
        measured = evaluate(tables, FAMILY, paper, 20, seeds, progress=progress)
        try:
            ablated = evaluate(tables, ABLATION, UserFolds(options.folds or 5), 20, seeds, progress=progress)
            ranked = _ranked(ablated, options.seed)
        except BadInput as error:  # few buyers: the pairs are worth their table without the lists
            ranked = f"Not measured. {error}"
    fits = 793_748 / (793_748 + 54_035)
    return page(
        "MCPRHRec, MCE-HSPRec and HSPRec: reported and measured",
        f"Data: {words}; {events}. Reported figures are Table 2 of Almu and Ainu (2025), on another file.",
        {
            f"Pairs classified over {paper.folds} folds, {measured.record['positives']:.1%} of them positive": markdown(
                beside(MCPRHREC, measured.record["figures"])
            )
            + f"\n\n{measured.record['figures'][ALWAYS_YES]['pairs']:,} pairs. A pair is positive where the user "
            "bought the item in a held-out event, viewed before or not. Of few pairs the differences are chance.",
            "What each part is worth: all items ranked for items never seen, bought later": ranked,
            "Rules by sequence database": markdown(_rules(tables)),
            "What the reported figures hide": hidden(MCPRHREC)
            + "\n\nThe file that the paper names has 793,748 views, 54,035 carts and 37,346 purchases: views are "
            f"{fits:.4f} of views and carts, which fits the shares above. That pairs were labelled so is an inference.",
        },
    )


def _ranked(ablated: Evaluation, seed: int) -> str:
    """The lists of the family's variants, for warm and for new users apart, and their differences to the paper's."""
    low_high = ablated.record["intervals"]
    assert ablated.cases is not None
    worth = differences_of_cases(ablated.cases, BASE, "NDCG@20", seed)
    ranked = [
        {"model": name}
        | {f"{measure}@20": row.get(f"{measure}@20") for measure in ("HR", "NDCG", "Recall")}
        | {"NDCG@20, 95 %": between(*low_high[name]["NDCG@20"])}
        | {f"NDCG@20, {kind}": figures.get("NDCG@20") for kind, figures in ablated.record["cold"].get(name, {}).items()}
        for name, row in ablated.record["figures"].items()
        if "HR@20" in row
    ]
    words = (
        f"`{BASE}` is the paper's; every other `{BASE}-…` changes one part, `{BASE}-tuned` several. Differences "
        f"to `{BASE}` on the same users, with 95 % intervals (bootstrap over users):"
    )
    return f"{markdown(pd.DataFrame(ranked))}\n\n{words}\n\n{markdown(difference_table(worth, 'NDCG@20'))}"


def _rules(tables: Any) -> pd.DataFrame:
    """How many rules each database gives, how many of them have two or more items on their left side, their support.

    Where patterns are too many, those of twice the support are taken, and so on: then the least support tells.
    """
    from kartograph.models.mcprhrec.presets import MCPRHREC as PRESET
    from kartograph.models.mcprhrec.user_items import mined_rules
    from kartograph.models.patterns.databases import PERIODS

    data = tables.training(tables.known_users, "user_id")
    rows = []
    for period in PERIODS:
        for left in ("clicks", "purchases"):
            rules = mined_rules(left, data, period, PRESET.user_items)
            longer = int((np.diff(rules.offsets) >= 2).sum())
            least = int(rules.support.min()) if len(rules) else None
            counts = {"rules": len(rules), "of two or more items": longer, "least support": least}
            rows.append({"database": period, "left side": left} | counts)
    return pd.DataFrame(rows)


def _preaddl(data: Any, options: Options, progress: Progress) -> str:
    from kartograph.evaluation.papers.preaddl.claims import claims_table
    from kartograph.evaluation.papers.preaddl.compare import ALWAYS
    from kartograph.evaluation.papers.preaddl.personalisation import REASON
    from kartograph.evaluation.papers.preaddl.tables import preparation_table, time_table
    from kartograph.evaluation.protocols.preaddl import PreaddlTables

    def asked(labels: str, split: str) -> Evaluation:
        protocol = PreaddlTables(labels, split, seed=options.seed)
        return evaluate(source, f"{PAIRS},{ALWAYS[labels]}", protocol, 5, (options.seed,), progress=progress)

    with _given(data, "preaddl", options) as (source, words):
        by_time, at_random = asked("event", "time"), asked("event", "random")
        sampled = asked("sampled", "time")
    shop, prepared, compared = by_time.results.details
    facts = preparation_table(prepared)
    counts = ", ".join(f"{number:,} {event}" for event, number in shop.events["event"].value_counts().items())
    sections = {
        "Table 4, is this event a view? Divided by time": _calls(by_time, "event"),
        "Table 4, is this event a view? Divided at random: this leaks": _calls(at_random, "event"),
        "Event or sampled item, divided by time": _calls(sampled, "sampled")
        + f"\n\n{REASON} `popularity` knows the item's number of events and nothing of the visitor; `preaddl-deep` has "
        "the deep branch on the attention.",
        "Table 3: times": markdown(time_table(compared)) + "\n\nOurs are of another machine and other data.",
        "Claims of the text": markdown(claims_table(compared)),
        "What the preparation did, events by time": markdown(facts.assign(fact=facts["fact"].str.replace("_", " "))),
        "What the reported figures hide": f"{PREADDL.note}\n\n{hidden(PREADDL)}"
        "\n\nViews are 2,664,312 / 2,756,101 = 0.9667 of RetailRocket's events: all rows are of one test set, labelled "
        "so (an inference), and PRE-ADDL's row is what calling every event a view reaches.",
    }
    title = "PRE-ADDL: reported and measured"
    return page(title, f"Data: {words}; {counts}. Reported figures are Tables 3 and 4.", sections)


def _calls(figures: Evaluation, labels: str) -> str:
    """The calls of the models of pairs, and why those that failed have none."""
    from kartograph.evaluation.papers.preaddl.tables import quality_table

    _, prepared, compared = figures.results.details
    pairs = f"{len(prepared.test):,} test pairs, {prepared.test.labels.mean():.1%} of them positive"
    failed = "".join(f" `{name}`: {reason}." for name, reason in figures.failed.items())
    table = quality_table(compared, figures.failed, labels)
    return f"{markdown(table)}\n\n{pairs}.{failed}"


def _ontology(data: Any, options: Options, progress: Progress) -> str:
    from kartograph.evaluation.papers.ontology.record import tables
    from kartograph.evaluation.papers.ontology.study import ProtocolOptions
    from kartograph.evaluation.protocols.ontology import Ontology
    from kartograph.evaluation.report.notes import model_notes
    from kartograph.ontology.weights.genetic import GeneticOptions

    if data is None:
        raise BadInput(
            "The paper of the ontology needs items and visits. Name a library's folder (books.csv, creators.csv, "
            "borrows.csv), visits with their ontology, or a graph that holds both."
        )
    study = ProtocolOptions(options.folds or 10, genetic=GeneticOptions(crossovers=options.crossovers))
    protocol = Ontology(study, options.ontology)
    figures = evaluate(data, (), protocol, 3, (options.seed,), progress=progress)
    sections = {title: markdown(frame) for title, frame in tables(figures.record).items()}
    remarks = [note for note in model_notes() if note.reported.startswith("Ontology")]
    sections["What the reported figures hide"] = "\n".join(
        [*(f"- {note.reported}. {note.finding}" for note in remarks), *(f"- {note}" for note in figures.notes)]
    )
    return page(
        "The ontology-based relational recommender: reported and measured",
        f"Data: {figures.record['name']}. Reported figures are of an online bookshop's 2,222 books and 55 days.",
        sections,
    )


@contextmanager
def _given(data: Any, paper: str, options: Options) -> Iterator[tuple[Any, str]]:
    """The data named, or a generated shop in a temporary folder, and what it is in words."""
    if data is not None:
        yield data, f"`{Path(data).absolute().name}`" if isinstance(data, str | Path) else "the shop"
        return
    from kartograph.loaders import sample, sample_electronics

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        if paper == "mcprhrec":
            source = sample_electronics.generate(path, options.scale)
            words = f"a generated electronics shop of five months, {options.scale:.1%} of the size of the paper's file"
        else:
            sample.generate(path, options.scale)
            source, words = path, f"a generated shop of {options.scale:.1%} of RetailRocket's size"
        yield source, words


PAPERS: dict[str, Callable[[Any, Options, Progress], str]] = {
    "preaddl": _preaddl,
    "mcprhrec": _mcprhrec,
    "ontology": _ontology,
}
