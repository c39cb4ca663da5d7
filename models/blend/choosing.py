"""What a blend chooses on cases cut from its own training data: components, and how their items are ordered.

1. The components are fitted on what comes before the held-out cases and offer their items for these.
2. A network learns from the earlier two thirds of the cases, now and then without one of the components.
3. On the later third, where its cases are many, components whose absence costs nothing are dropped, one by one.
4. The network has to be better there than every component alone and than the sum of reciprocal ranks of the three best.
   It then learns anew from all cases, with the components that stayed; where cases are few, five are averaged.

A shop of fewer than `ENOUGH` owners gets no network, but what does best on all cases: a component alone, or the sum of
the three best; so does every shop where PyTorch (the extra `neural`) is not installed. One of fewer than `FEW` owners
gets the sum of its first three components: nothing can be told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.blend.components import asked, components_for, fitted, model_of
from kartograph.models.blend.features import Candidates, candidates, concatenated
from kartograph.models.blend.features_kernels import LOWEST, OF_COMPONENT
from kartograph.models.blend.held_out import BUY, HeldOut, held_out
from kartograph.models.blend.known_items import KnownItems, known_items
from kartograph.models.blend.ranker import Averaged, Ranker, answer_places
from kartograph.models.blend.ranker_options import RankerOptions
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.scoring.ranking import TopK
from kartograph.tables.errors import BadInput
from kartograph.tables.extras import is_installed, message
from kartograph.tables.progress import Progress

ENOUGH, FEW = 2_000, 200
LEAST_CASES = 50
"""Held-out cases without which nothing is chosen."""
OFFERED = 50
"""Items that each component offers."""
LIST_LENGTH = 20
"""Length of the lists that are compared."""
CHECKED = 3_000
"""Cases on which components are compared, at most."""
LEAST_CHECKED = 1_000
"""Cases below which none is dropped: what is lost or won on fewer is chance."""
SAMPLED_CANDIDATES = 64
"""Candidates of a case that the network learns from, a sample, with the answer."""
NEAR = 60
"""Candidates of a checked case that dropping a component may reorder."""
WORTH = 0.0005
"""How much of hit rate + reciprocal rank a component has to add."""
ABSENT = 0.15
"""Share of the cases from which a component is hidden while it is open which ones stay."""
STEPS = 300
"""Steps of training at least."""
FEW_CASES = 3_000
"""Cases below which networks are small, and several are averaged in the end."""
NETWORKS = 5
"""How many then: what one has learned from few cases hangs on its seed."""
BLOCK = 1_000
"""Cases whose candidates are made at once."""


@dataclass(frozen=True)
class Choice:
    """What was chosen."""

    components: tuple[str, ...]
    logarithmic: tuple[bool, ...]
    """Which components answer in logarithms."""
    ranker: Ranker | Averaged
    about: str
    """What was chosen and why, in words."""


def choose(data: TrainingData, neural: bool, seed: int, progress: Progress) -> Choice:
    """Choose on cases of this data; see the module. Raises `BadInput` where no component can learn from it."""
    names, owners = components_for(data, neural), len(data.owners)
    cases = held_out(data) if owners >= FEW else None
    if cases is None or len(cases) < LEAST_CASES:
        few = list(islice((name for name in names if _learns(name, seed, data)), 3))
        what = f"{owners} {data.kind}" if cases is None else f"{len(cases)} held-out cases"
        return _fusing(few, f"{what} are too few to choose by")
    masked = masked_events(cases.queries, data)
    offers = offers_of(names, seed, cases, masked, progress)
    alone = {name: quality(top.items, cases.answers) for name, top in offers.items()}
    best = sorted(offers, key=lambda name: -alone[name])
    if owners < ENOUGH:
        return _simple(best, offers, cases, f"{owners} {data.kind} are too few to learn a ranking from")
    if not is_installed("neural"):
        return _simple(best, offers, cases, message("neural", "a learned ranking"))
    return _learned(best, offers, cases, data, seed, progress)


def masked_events(queries: Histories, data: TrainingData) -> csr_array | None:
    """The items of each query that are no answer: for users what was bought, or what was seen where nobody buys."""
    if data.kind != "users":
        return None
    kept = queries.events == BUY if (data.histories.events == BUY).any() else np.ones(len(queries.items), dtype=bool)
    return Histories.of(queries.owners[kept], queries.items[kept], len(queries)).matrix(len(data.items))


def quality(lists: ndarray, answers: ndarray) -> float:
    """Hit rate + reciprocal rank of lists of item rows, best first."""
    right = lists[:, :LIST_LENGTH] == answers[:, None]
    hit = right.any(axis=1)
    return float(hit.mean() + np.where(hit, 1 / (1 + right.argmax(axis=1)), 0).mean())


def _learns(name: str, seed: int, data: TrainingData) -> bool:
    try:
        fitted(name, seed, data)
    except BadInput:
        return False
    return True


def offers_of(
    names: Sequence[str], seed: int, cases: HeldOut, masked: csr_array | None, progress: Progress
) -> dict[str, TopK]:
    """What each component offers for the cases; those that cannot learn from the data are left out."""
    offers: dict[str, TopK] = {}
    models = list(dict.fromkeys(map(model_of, names)))
    for number, model in enumerate(models):
        progress("Learning to rank: components on cases", number, len(models))
        try:
            part = fitted(model, seed, cases.rest)
        except BadInput:
            continue
        for name in (name for name in names if model_of(name) == model):
            top = part.rank(asked(name, cases.queries), OFFERED, cases.owners, masked)
            offers[name] = TopK(top.items.astype(np.int32), top.scores)
    if not offers:
        raise BadInput("No component of the blend can learn from this data: give it more events.")
    return offers


def _fusing(names: Sequence[str], why: str) -> Choice:
    if not names:
        raise BadInput("No component of the blend can learn from this data: give it more events.")
    how = f"{names[0]} alone" if len(names) == 1 else f"reciprocal ranks of {', '.join(names)} added"
    return Choice(tuple(names), (False,) * len(names), Ranker.fusing(len(names)), f"{how}: {why}")


def _simple(best: list[str], offers: dict[str, TopK], cases: HeldOut, why: str) -> Choice:
    """The best component alone, or the three best fused where that is better."""
    three = best[:3]
    fused = _quality_of(three, offers, cases, known_items(cases.rest))
    alone = quality(offers[best[0]].items, cases.answers)
    return _fusing(three if fused > alone else best[:1], why)


def _quality_of(names: list[str], offers: dict[str, TopK], cases: HeldOut, known: KnownItems) -> float:
    """`quality` of these components fused."""
    offered = _candidates(names, offers, cases, known)
    return _quality(offered, Ranker.fusing(len(names)).scores(offered.features), cases.answers)


def _quality(offered: Candidates, scores: ndarray, answers: ndarray) -> float:
    """`quality` of the candidates by these scores."""
    places = answer_places(offered, answers)
    there = places != NONE
    right = np.full(len(answers), np.inf)
    right[there] = scores[offered.offsets[:-1][there] + places[there]]
    better = np.bincount(offered.queries, weights=scores > right[offered.queries], minlength=len(answers))
    hit = there & (better < LIST_LENGTH)
    return float(hit.mean() + np.where(hit, 1 / (1 + better), 0).mean())


def _learned(
    best: list[str], offers: dict[str, TopK], cases: HeldOut, data: TrainingData, seed: int, progress: Progress
) -> Choice:
    names = list(offers)
    random = np.random.default_rng(seed)
    late = (
        cases.units >= np.quantile(cases.units, 2 / 3) if data.kind == "sessions" else random.random(len(cases)) > 2 / 3
    )
    training, checked = np.flatnonzero(~late), np.flatnonzero(late)
    if len(checked) > CHECKED:
        checked = np.sort(random.choice(checked, CHECKED, replace=False))
    offers_training, cases_training = _part(offers, cases, training)
    offers_checked, cases_checked = _part(offers, cases, checked)
    known = known_items(cases.rest)
    columns = [
        slice(len(OF_COMPONENT) * position, len(OF_COMPONENT) * (position + 1)) for position in range(len(names))
    ]
    offered = _candidates(names, offers_training, cases_training, known, random)
    ranker = Ranker.learn(
        offered, cases_training.answers, columns, _options(len(training), seed, absent=ABSENT), progress
    )
    shown = _candidates(names, offers_checked, cases_checked, known)
    learned = _quality(shown, ranker.scores(shown.features), cases_checked.answers)
    alone = max(quality(top.items, cases_checked.answers) for top in offers_checked.values())
    fused = _quality_of(best[:3], offers_checked, cases_checked, known)
    if learned <= max(alone, fused):
        return _simple(best, offers, cases, "no learned ranking was better on held-out cases")
    gone: list[str] = []
    if len(checked) >= LEAST_CHECKED:
        gone = _worthless(dict(zip(names, columns, strict=True)), shown, cases_checked.answers, ranker)
    stayed = [name for name in names if name not in gone]
    del offered, shown  # features of all candidates are the most that a fit holds: not two such arrays at once
    offered = _candidates(stayed, offers, cases, known, random)
    networks = NETWORKS if len(cases) < FEW_CASES else 1
    seeds = range(networks * seed, networks * (seed + 1))
    rankers = [Ranker.learn(offered, cases.answers, (), _options(len(cases), one), progress) for one in seeds]
    which = "a network" if networks == 1 else f"{networks} networks"
    about = f"{', '.join(stayed)}, ordered by {which} that learned from {len(cases)} held-out cases"
    about += f"; {', '.join(gone)} added nothing" if gone else ""
    ordering = rankers[0] if networks == 1 else Averaged(rankers)
    return Choice(tuple(stayed), logarithmic(stayed, offers), ordering, about)


def _options(cases: int, seed: int, absent: float = 0.0) -> RankerOptions:
    """At least `STEPS` steps of training, also where there are few cases, and a smaller network for these."""
    options = RankerOptions(absent=absent, seed=seed)
    if cases < FEW_CASES:
        options = replace(options, hidden=16, dropout=0.3, decay=0.01)
    return replace(options, epochs=max(options.epochs, -(-STEPS * options.queries // cases)))


def logarithmic(names: Sequence[str], offers: dict[str, TopK]) -> tuple[bool, ...]:
    """Which components answer with logarithms: those with a score below 0."""
    return tuple(bool((offers[name].scores[offers[name].items != NONE] < 0).any()) for name in names)


def _part(offers: dict[str, TopK], cases: HeldOut, rows: ndarray) -> tuple[dict[str, TopK], HeldOut]:
    return {name: TopK(top.items[rows], top.scores[rows]) for name, top in offers.items()}, cases.take(rows)


def _candidates(
    names: Sequence[str],
    offers: dict[str, TopK],
    cases: HeldOut,
    known: KnownItems,
    random: np.random.Generator | None = None,
) -> Candidates:
    """The candidates of all cases; with `random` a sample of `SAMPLED_CANDIDATES` of each case and the answer."""
    logarithms, parts = logarithmic(names, offers), []
    for start in range(0, len(cases), BLOCK):
        stop = min(start + BLOCK, len(cases))
        tops = [TopK(offers[name].items[start:stop], offers[name].scores[start:stop]) for name in names]
        offered = candidates(tops, logarithms, cases.queries.part(start, stop), known)
        if random is not None:
            sizes, queries = np.diff(offered.offsets), offered.queries
            kept = random.random(len(queries)) < (SAMPLED_CANDIDATES / np.maximum(sizes, 1))[queries]
            offered = offered.thinned(kept | (offered.items == cases.answers[start:stop][queries]))
        parts.append(offered)
    return concatenated(parts)


def _worthless(columns: dict[str, slice], shown: Candidates, answers: ndarray, ranker: Ranker) -> list[str]:
    """The components without which the ranker is as good on these cases, dropped one after the other.

    Only the `NEAR` best candidates of each case are looked at.
    """
    order = np.lexsort((-ranker.scores(shown.features), shown.queries))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - shown.offsets[shown.queries[order]]
    near = shown.thinned(rank < NEAR)
    left, gone = dict(columns), []
    reached = _quality(near, ranker.scores(near.features), answers)
    while len(left) > 1:
        tried = {name: _quality(near, ranker.scores(hidden(near.features, left[name])), answers) for name in left}
        name = max(tried, key=tried.__getitem__)
        if tried[name] < reached - WORTH:
            break
        near.features[:] = hidden(near.features, left.pop(name))
        reached = max(reached, tried[name])
        gone.append(name)
    return gone


def hidden(features: ndarray, columns: slice) -> ndarray:
    """The features as if the component of these columns had offered nothing."""
    shown = features.copy()
    shown[:, columns] = 0
    shown[:, columns.start] = np.log(LOWEST)
    return shown
