"""Which models are there by name, with which options, and what can they serve?

A preset is a model with options that were found on validation data, never on a test part: by
`benchmarks/search_options.py`, those of the sequences on the latest 4,400 sessions of RetailRocket's click sequences,
those of the interactions on the last purchase of its buyers; `benchmarks/learn_blend.py` teaches the networks of the
blends. Models are imported when they are made, for some need PyTorch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files

from kartograph.models.base import Recommender
from kartograph.models.mcprhrec.presets import SYSTEMS
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Preset:
    """A model by name."""

    make: Callable[[int], Recommender]
    """The model for a seed; models without chance ignore it."""
    about: str
    """What it does, in one line."""
    serves: str
    """Who gets an answer: `a history` of at least one known item; `anyone`, also with an empty history; `anyone, new
    items`: items without events as well, and users of whom only a category is known. Needs data with categories."""
    tuned_for: str
    """`sequences`, `interactions`, or `none` where the options are those of the source."""
    learns_from: str = "any"
    """`sessions`, `users` or `any`: whose histories the model is made for. A model of users is no model of sessions."""


def _popularity(seed: int) -> Recommender:
    from kartograph.models.baselines.popularity import Popularity

    return Popularity()


def _category_popularity(seed: int) -> Recommender:
    from kartograph.models.baselines.category_popularity import CategoryPopularity

    return CategoryPopularity()


def _recent_popularity(seed: int) -> Recommender:
    from kartograph.models.baselines.popularity import Popularity, PopularityOptions

    return Popularity(PopularityOptions(share=0.05))


def _repeats(seed: int) -> Recommender:
    from kartograph.models.baselines.repeats import Repeats

    return Repeats()


def _association_rules(seed: int) -> Recommender:
    from kartograph.models.patterns.association_rules import AssociationRules

    return AssociationRules()


def _sequential_rules(seed: int) -> Recommender:
    from kartograph.models.patterns.sequential_rules import SequentialRules

    return SequentialRules()


def _markov(seed: int) -> Recommender:
    from kartograph.models.patterns.markov import Markov

    return Markov()


def _markov_2(seed: int) -> Recommender:
    from kartograph.models.patterns.markov import Markov, MarkovOptions

    return Markov(MarkovOptions(order=2))


def _item_knn_tfidf(seed: int) -> Recommender:
    from kartograph.models.neighbours.item_knn import ItemKNN

    return ItemKNN()


def _item_knn(seed: int) -> Recommender:
    from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions

    return ItemKNN(ItemKNNOptions(decay=0.75))


def _als(seed: int) -> Recommender:
    from kartograph.models.factorization.als import ALS, ALSOptions

    return ALS(ALSOptions(factors=238, regularization=0.034, alpha=18.5, epochs=13, seed=seed))


def _bpr(seed: int) -> Recommender:
    from kartograph.models.factorization.bpr import BPR, BPROptions

    return BPR(BPROptions(factors=238, regularization=0.0014, learning_rate=0.107, epochs=57, seed=seed))


def _sknn(seed: int) -> Recommender:
    from kartograph.models.neighbours.sknn import SKNN, SKNNOptions

    return SKNN(SKNNOptions(neighbours=210, sample=3461))


def _vsknn(seed: int) -> Recommender:
    from kartograph.models.neighbours.vsknn import VSKNN, VSKNNOptions

    return VSKNN(VSKNNOptions(neighbours=704, sample=6774, idf=9.8))


def _stan(seed: int) -> Recommender:
    from kartograph.models.neighbours.stan import STAN

    return STAN()


def _stan_users(seed: int) -> Recommender:
    from kartograph.models.neighbours.stan import STAN, STANOptions

    return STAN(STANOptions(neighbours=100, query_decay=3.0, gap_decay=1.0, time_decay=None))


def _walk(seed: int) -> Recommender:
    from kartograph.models.walks.random_walk import RandomWalk, RandomWalkOptions

    return RandomWalk(RandomWalkOptions(restart=0.3, steps=2, kept=100))


def _session_net(seed: int) -> Recommender:
    from kartograph.models.neural.session_net import SessionNet, SessionNetOptions

    return SessionNet(SessionNetOptions(seed=seed))


def _preaddl(seed: int) -> Recommender:
    from kartograph.models.preaddl.presets import paper_model

    return paper_model(seed)


def _preaddl_graph(seed: int) -> Recommender:
    from kartograph.models.preaddl.presets import graph_model

    return graph_model(seed)


def _of_the_family(name: str) -> Callable[[int], Recommender]:
    def make(seed: int) -> Recommender:
        from dataclasses import replace

        from kartograph.models.mcprhrec.model import MCPRHRec

        options, _ = SYSTEMS[name]
        walking = replace(options.profile.walking, seed=seed)
        return MCPRHRec(replace(options, profile=replace(options.profile, walking=walking)))

    return make


def _semsrec(seed: int) -> Recommender:
    from kartograph.models.mcprhrec.semsrec import SEMSRec, SEMSRecOptions

    return SEMSRec(SEMSRecOptions(seed=seed))


def _hcr(seed: int) -> Recommender:
    from kartograph.models.mcprhrec.hcr import HCR, HCROptions

    return HCR(HCROptions(seed=seed))


_GRAPH_PARTS = ("walk", "stan", "item-knn", "markov-2", "sequential-rules", "repeats")
BLENDS: dict[str, tuple[str, ...]] = {"blend-graph": _GRAPH_PARTS, "blend": (*_GRAPH_PARTS, "session-net")}
"""The components of each blend."""
LOG_PROBABILITIES = ("session-net",)
"""Components that answer in log-probabilities."""


def _blend(name: str) -> Callable[[int], Recommender]:
    def make(seed: int) -> Recommender:
        from kartograph.models.blend.model import Blend
        from kartograph.models.blend.ranker import Ranker

        with as_file(files("kartograph.models").joinpath("blend", f"{name}.npz")) as file:
            ranker = Ranker.load(file)
        return Blend({part: PRESETS[part].make(seed) for part in BLENDS[name]}, ranker, LOG_PROBABILITIES)

    return make


PRESETS: dict[str, Preset] = {
    "popularity": Preset(_popularity, "most events", "anyone", "none"),
    "popularity-recent": Preset(_recent_popularity, "most events among the latest 5 %", "anyone", "none"),
    "category-popularity": Preset(
        _category_popularity, "most events in the last item's category", "anyone, new items", "none"
    ),
    "repeats": Preset(_repeats, "the history's own items, by age", "a history", "none"),
    "association-rules": Preset(_association_rules, "in sessions with the last item", "a history", "none"),
    "sequential-rules": Preset(_sequential_rules, "soon after the last item", "a history", "none"),
    "markov": Preset(_markov, "right after the last item", "a history", "none"),
    "markov-2": Preset(_markov_2, "right after the last two items", "a history", "none"),
    "item-knn-tfidf": Preset(_item_knn_tfidf, "similar items, untuned TF-IDF of implicit, K 200", "a history", "none"),
    "item-knn": Preset(_item_knn, "similar items, late clicks count more", "a history", "sequences"),
    "als": Preset(_als, "implicit-feedback matrix factorisation", "a history", "sequences"),
    "bpr": Preset(_bpr, "pairwise-ranking matrix factorisation", "a history", "sequences"),
    "sknn": Preset(_sknn, "session neighbours", "a history", "sequences"),
    "v-sknn": Preset(_vsknn, "session neighbours, last clicks count most", "a history", "sequences"),
    "stan": Preset(_stan, "session neighbours with three decays", "a history", "sequences"),
    "stan-users": Preset(_stan_users, "the same over users' histories", "a history", "interactions", "users"),
    "walk": Preset(_walk, "random walk with restart on sessions and items", "a history", "sequences"),
    "preaddl": Preset(_preaddl, "PRE-ADDL as its authors wrote it", "anyone", "none"),
    "preaddl-graph": Preset(
        _preaddl_graph, "attention of each candidate over history and graph edges", "anyone", "none"
    ),
    "session-net": Preset(_session_net, "GRU with attention, trained with PyTorch", "a history", "sequences"),
    "blend-graph": Preset(
        _blend("blend-graph"), "learnt blend of walk, neighbours and rules", "a history", "sequences"
    ),
    "blend": Preset(_blend("blend"), "the same with session-net", "a history", "sequences"),
    "semsrec": Preset(_semsrec, "SEMSRec: item vectors from contexts, and what follows", "a history", "none"),
    "hcr": Preset(_hcr, "HCR: SVD within the shop's categories", "a history", "none"),
    **{
        name: Preset(
            _of_the_family(name),
            about,
            "anyone" if options.profile.pagerank_share else "a history",
            "interactions" if "hsprec" in name or "mcprhrec" in name else "none",
            "users",
        )
        for name, (options, about) in SYSTEMS.items()
    },
}
"""The presets by name, simple ones first."""


def preset(name: str) -> Preset:
    """The preset of this name; `BadInput` lists the names where there is none."""
    if name not in PRESETS:
        raise BadInput(f"There is no model {name!r}. Names are {', '.join(PRESETS)}.")
    return PRESETS[name]
