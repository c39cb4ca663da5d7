"""What others reported: figures as they were printed, never measured by this project and never mixed with ours.

Every table belongs to one data set. It stands beside our figures only where these were measured on that data: where the
training part is known by its SHA-256 sum (`KNOWN_SUMS`), or where a person says so (`--benchmark NAME`).

Shares are between 0 and 1 here. Sources: PRE-ADDL, "An Attention-Driven Deep Learning Model" for product recommendation
from web usage (International Journal of Computational and Experimental Science and Engineering, 2025); MCPRHRec,
A. Almu and H. A. Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025); the ontology-based
relational product recommender (2790 sessions of a book shop); and figures published on two public splits of
RetailRocket.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kartograph.evaluation.papers.ontology import reported as ontology
from kartograph.tables.errors import BadInput

BENCHMARKS = {
    "retailrocket-clicks": "the split of DHCN and COTREC: click sequences of RetailRocket",
    "retailrocket-buyers": "the split of DiffGraph: RetailRocket's buyers",
    "tmall-clicks": "the split of DHCN and GCE-GNN: click sequences of Tmall (IJCAI-15)",
    "retailrocket": "the whole RetailRocket data set, 2,756,101 events",
    "rees46-electronics": "REES46's electronics store, 885,129 events",
    "bookshop": "the ontology paper's online bookshop",
}
"""Data sets that others have published figures on."""
KNOWN_SUMS = {
    "44d3ff660ba6cffaa6bfbfb33d24a8083e4d8637f8bc28d4679bb5c5bb70e5d5": "retailrocket-clicks",
    "bf97705a6a2ba85964d97f61ddb00df83c627b34053c3fbf12373c94e62dd7a5": "retailrocket-buyers",
    "471eeef808cd824f271407b1e8424409e40491dabd683bc9e2506cef974f7619": "tmall-clicks",
}
"""SHA-256 sums of training parts, each a copy of a benchmark's."""


@dataclass(frozen=True)
class ReportedRow:
    """One model's figures, as printed."""

    model: str
    figures: dict[str, float]
    ours: str | None = None
    """The name of our model that does the same thing, where there is one."""
    decimals: dict[str, int] = field(default_factory=dict)
    """How many decimals each figure was printed with, at least; trailing zeros count where they were written down."""


@dataclass(frozen=True)
class ReportedTable:
    """A table that somebody printed."""

    title: str
    source: str
    protocol: str
    """A word in the name of our protocol that comes nearest, in small letters and digits only."""
    rows: tuple[ReportedRow, ...]
    note: str
    """What has to be known before figures are compared."""
    benchmark: str = field(kw_only=True)
    """The data that they were measured on, one of `BENCHMARKS`."""
    cases: int | None = None
    """Test cases behind the figures, where that is known."""
    options: dict[str, object] = field(default_factory=dict)
    """Common options that a record must have for its figures to stand beside these."""
    printed_as: dict[str, str] = field(default_factory=dict)
    """Measures whose column was printed under the name of another, and that name."""


def _rows(measures: tuple[str, ...], *rows: tuple) -> tuple[ReportedRow, ...]:
    """Rows written as (model, values …) or (model, values …, our model's name).

    A value is a number, or a text where its trailing zeros say something.
    """
    listed = []
    for model, *rest in rows:
        values, ours = rest[: len(measures)], rest[len(measures) :]
        known = {name: value for name, value in zip(measures, values, strict=True) if value is not None}
        decimals = {name: len(str(value).partition(".")[2]) for name, value in known.items()}
        figures = {name: float(value) for name, value in known.items()}
        listed.append(ReportedRow(model, figures, ours[0] if ours else None, decimals))
    return tuple(listed)


SEQUENCES = ReportedTable(
    title="Next click in RetailRocket sessions, all 36,968 items ranked",
    source="published figures on the split of DHCN (AAAI 2021) and COTREC (CIKM 2021)",
    benchmark="retailrocket-clicks",
    protocol="sequences",
    cases=15_132,
    options={"k": 20},
    note="Several of the published models chose their epoch on the test part.",
    rows=_rows(
        ("HR@20", "MRR@20"),
        ("FPMC", 0.3237, 0.1382),
        ("GRU4Rec", 0.4401, 0.2367, "gru4rec"),
        ("NARM", 0.5022, 0.2459),
        ("SR-GNN", 0.5032, 0.2657),
        ("STAMP", 0.5096, 0.2517),
        ("STAN", 0.5348, 0.2681, "stan"),
        ("SKNN", 0.5428, 0.2446, "sknn"),
        ("GCE-GNN", 0.5578, 0.2872),
        ("COTREC", 0.5617, 0.2997),
        ("MTAW", 0.5639, 0.3052),
        ("SPARE", 0.5691, 0.3022),
        ("RESTC", 0.5781, 0.3082),
        ("HICN", 0.5785, 0.3037),
        ("GraphFine", 0.5885, 0.3117),
    ),
)
UNTUNED_SEQUENCES = ReportedTable(
    title="What a library gives untuned on the same test part",
    source="implicit 0.7.3, K = 200 neighbours, 128 factors",
    benchmark="retailrocket-clicks",
    protocol="sequences",
    cases=15_132,
    options={"k": 20},
    note="Fitted in one second; the yardstick that a model which needs minutes has to beat.",
    rows=_rows(
        ("HR@20", "MRR@20"),
        ("implicit TF-IDF item-kNN", 0.5617, 0.2868, "item-knn-tfidf"),
        ("implicit BM25 item-kNN", 0.5573, 0.2787),
        ("implicit cosine item-kNN", 0.5548, 0.2818),
        ("last-item transitions", 0.3508, 0.1798, "markov"),
        ("implicit ALS", 0.1521, 0.0503, "als"),
    ),
)
TMALL = ReportedTable(
    title="Next click in Tmall sessions, all 40,727 items ranked",
    source="published figures on the split of DHCN (AAAI 2021) and GCE-GNN (SIGIR 2020)",
    benchmark="tmall-clicks",
    protocol="sequences",
    cases=25_898,
    options={"k": 20},
    note="Several of the published models chose their epoch on the test part.",
    rows=_rows(
        ("HR@20", "MRR@20"),
        ("SR-GNN", 0.2757, 0.1372),
        ("DHCN", 0.3142, 0.1505),
        ("GCE-GNN", 0.3342, 0.1542),
        ("COTREC", 0.3635, 0.1804),
    ),
)
INTERACTIONS = ReportedTable(
    title="One held-out purchase of 2,174 RetailRocket buyers, 30,113 items ranked, bought ones left out",
    source="published figures on the split of DiffGraph; implicit 0.7.3 with K = 500, untuned",
    benchmark="retailrocket-buyers",
    protocol="interactions",
    cases=2_174,
    options={"k": 20, "mask": "bought"},
    note="Comparable under the mask “bought” only: leaving out all seen items lifts plain item-kNN by half.",
    rows=_rows(
        ("Recall@20", "NDCG@20"),
        ("HGT", 0.0413, 0.0250),
        ("MBGCN", 0.0492, 0.0258),
        ("MATN", 0.0524, 0.0302),
        ("DiffGraph", 0.0620, 0.0367),
        ("implicit TF-IDF item-kNN, all events", 0.0727, 0.0286, "item-knn-tfidf"),
        ("implicit TF-IDF item-kNN, purchases", 0.0437, 0.0240),
        ("most popular", 0.0465, 0.0218, "popularity"),
    ),
)
SESSION_WINDOWS = ReportedTable(
    title="Five windows of 25 + 2 days",
    source="published figures on other cuts of RetailRocket",
    benchmark="retailrocket",
    protocol="windows",
    note="Another cut of the data: not comparable with the other tables.",
    rows=_rows(
        ("HR@20", "MRR@20"),
        ("STAN", 0.5938, 0.3638, "stan"),
        ("S-Walk", 0.6226, None, "walk"),
        ("GRU4Rec", 0.5669, None, "gru4rec"),
        ("Markov", 0.3583, None, "markov"),
    ),
)
LAST_WEEK = ReportedTable(
    title="The last week, next item only",
    source="published figures on other cuts of RetailRocket",
    benchmark="retailrocket",
    protocol="lastweek",
    note="Another cut of the data: not comparable with the other tables.",
    rows=_rows(("Recall@20", "MRR@20"), ("GRU4Rec", 0.5186, 0.2175, "gru4rec")),
)
PREADDL = ReportedTable(
    title="PRE-ADDL and its baselines: is this event a view?",
    source="PRE-ADDL, Table 4",
    benchmark="retailrocket",
    protocol="preaddlevent",
    printed_as={"precision": "recall", "recall": "precision"},
    note=(
        "The columns precision and recall are printed the other way round; here they stand as the arithmetic asks for. "
        "PRE-ADDL's recall 1.00 is printed as 0.100 (0.93 in the text), BERT's precision as 09742. That the label is "
        "“view” is an inference from the share of positives that all rows imply."
    ),
    rows=_rows(
        ("accuracy", "F1", "precision", "recall"),
        ("PRE-ADDL", 0.9665, 0.983, 0.9665, "1.000", "preaddl"),
        ("BERT", 0.7956, 0.8846, 0.9742, 0.81, "bert"),
        ("SVM", 0.759, 0.8609, 0.9738, 0.7714, "svm"),
        ("K-Nearest Neighbor", 0.6511, 0.7863, 0.966, 0.663, "knn"),
        ("Naïve Bayes", 0.6179, 0.7595, 0.9696, 0.6242, "naive-bayes"),
        ("Decision Tree", 0.7427, 0.8497, 0.9756, 0.7526, "decision-tree"),
    ),
)
MCPRHREC = ReportedTable(
    title="MCPRHRec and MCE-HSPRec, K = 20, five folds",
    source="MCPRHRec, Table 2",
    benchmark="rees46-electronics",
    protocol="mcprhrec",
    note=(
        "MCE-HSPRec's precision is 95.09 in Table 2 and 95.05 in the text. The rows imply 93.65 and 93.75 % positives; "
        "views are 93.63 % of the views and carts of the file that the paper names, so the label may be “view”: an "
        "inference."
    ),
    rows=_rows(
        ("accuracy", "F1", "precision", "recall"),
        ("MCPRHRec", 0.9445, 0.9709, 0.9519, 0.9908, "mcprhrec"),
        ("MCE-HSPRec", 0.9403, 0.9688, 0.9509, 0.9873, "mce-hsprec"),
    ),
)
ONTOLOGY = ReportedTable(
    title="Ontology-based relational recommender, three suggestions",
    source="sections 3.3.1 and 3.3.2 of the paper; its tables 1 to 5 are not in the text at hand",
    benchmark="bookshop",
    protocol="books",
    note="Success: a suggested book is visited later in the session. About 2,790 sessions, 2,222 books, 925 authors.",
    rows=tuple(
        ReportedRow(method, {"success@3": success / 100}, ours=method)
        for method, success in ontology.THREE_SUGGESTIONS.items()
    ),
)
TABLES = (
    SEQUENCES,
    UNTUNED_SEQUENCES,
    TMALL,
    INTERACTIONS,
    SESSION_WINDOWS,
    LAST_WEEK,
    PREADDL,
    MCPRHREC,
    ONTOLOGY,
)
"""All tables, in the order of the page."""

PREADDL_TIMES = (
    ("PRE-ADDL", "1 h 40 min", "50 min", "3 min"),
    ("BERT", "78 h", "48 h", "7 min"),
    ("SVM", "7 h 43 min", "57 min", "8 min"),
    ("K-Nearest Neighbor", "3 h 32 min", "55 min", "6 min"),
    ("Naïve Bayes", "5 h 22 min", "1 h", "5 min"),
    ("Decision Tree", "4 h 23 min", "53 min", "4 min"),
)
"""PRE-ADDL, Table 3: model, training of an epoch, test of an epoch, response."""


def reported_of(table: ReportedTable, models: Iterable[str]) -> dict[str, dict[str, float]]:
    """The reported figures of those of our models that the table has."""
    return {row.ours: dict(row.figures) for row in table.rows if row.ours in set(models)}


def benchmark_of(content: Mapping[str, Any]) -> str | None:
    """The benchmark that a record was measured on: as it says itself, or by the sum of its training part."""
    data = content.get("data") or {}
    sums = (data.get("train_sha256"), data.get("sha256")) if isinstance(data, Mapping) else ()
    known = (KNOWN_SUMS[digest] for digest in sums if digest in KNOWN_SUMS)
    return content.get("benchmark") or next(known, None)


def refuse_unknown_benchmark(name: str | None) -> None:
    """Raise `BadInput` for a name that is not among `BENCHMARKS`."""
    if name is not None and name not in BENCHMARKS:
        listed = "; ".join(f"{known}: {about}" for known, about in BENCHMARKS.items())
        raise BadInput(f"There is no benchmark {name!r}. Names are {listed}.")


def tables_of(protocol: str, benchmark: str | None) -> list[ReportedTable]:
    """The tables that others printed of a benchmark, under the protocol that comes nearest to ours."""
    letters = "".join(letter for letter in protocol.lower() if letter.isalnum())
    return [table for table in TABLES if table.protocol in letters and table.benchmark == benchmark]
