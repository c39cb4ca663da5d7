"""HSPRec, MCE-HSPRec and MCPRHRec: neighbours, rules, and what is popular in the categories a user prefers.

    own(u, i)           Q(u, i): purchases, rules, clicks                                          (HSPRec)
    collaborative(u, i) Σ_{v ∈ N(u)} sim(u, v) · Q(v, i), N(u) the K most similar users who bought
    category(u, i)      Σ_c category_affinity(u, c) · item_share(i, c)                             (MCE-HSPRec)
    score(u, i)         Σ_parts weight · part(u, i) / max_j part(u, j), other weights for users without an item

sim is the product of the users' profiles; category_affinity is their part over categories. HSPRec compares users by
their items, MCE-HSPRec by categories and their co-occurrence as well, MCPRHRec also by PageRank on the user-category
graph.

Fitted on a graph, the co-occurrence of categories, the preferences of those who bought and PageRank are read there
(`CO_OCCURS`, `PREFERS`, `Category.pagerank`), as far as the enrichment wrote them; from files they are worked out by
the same functions.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), section 3.

Parts: `models.mcprhrec.user_items`, `models.mcprhrec.click_purchase`, `models.mcprhrec.categories`,
`models.mcprhrec.profiles`, `models.patterns.gsp`
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.array_model import CategoryModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.explaining import Part
from kartograph.models.item_categories import with_derived_categories
from kartograph.models.mcprhrec.categories import CategoryOptions
from kartograph.models.mcprhrec.profiles import ProfileOptions, Profiler, Profiles, sum_matrices
from kartograph.models.mcprhrec.shared_training import once
from kartograph.models.mcprhrec.user_items import Cells, UserItemOptions, row_maxima
from kartograph.models.patterns.databases import PURCHASES
from kartograph.models.scoring.top_k import top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent

Term = Literal["own", "collaborative", "category"]
TERMS: tuple[Term, ...] = ("own", "collaborative", "category")


@dataclass(frozen=True)
class MCPRHRecOptions:
    """How profiles are made, who is a neighbour, and what the parts of a score weigh."""

    neighbours: int = 20
    """K; the paper has 20 and 50."""
    own_weight: float = 0.3
    """Weight of what the user bought, clicked, or is led to by rules."""
    collaborative_weight: float = 0.4
    """Weight of what similar users bought."""
    category_weight: float = 0.3
    """Weight of what is popular in the categories that the user prefers."""
    cold_category_weight: float = 1.0
    """What the category part weighs for users of whom no item is known; the neighbours have the rest. All of it was
    best on validation parts of REES46, RetailRocket's buyers and a generated shop."""
    profile: ProfileOptions = field(default_factory=ProfileOptions)
    user_items: UserItemOptions = field(default_factory=UserItemOptions)
    categories: CategoryOptions = field(default_factory=CategoryOptions)
    derive: bool = True
    """Where the data has no categories, take groups of items that occur together; False makes that an error."""

    def __post_init__(self) -> None:
        """Refuse weights that score nothing."""
        weights = (self.own_weight, self.collaborative_weight, self.category_weight)
        if min(weights) < 0 or sum(weights) == 0 or self.neighbours < 1:
            raise BadInput(
                f"the weights of the parts are {weights} with {self.neighbours} neighbours: weights are 0 or more, one "
                "above 0, and there is one neighbour at least"
            )
        if not 0 <= self.cold_category_weight <= 1:
            weight = self.cold_category_weight
            raise BadInput(f"the weight of categories for cold users is {weight}: it lies between 0 and 1")


def mce_hsprec(options: MCPRHRecOptions) -> MCPRHRecOptions:
    """The same without PageRank."""
    return replace(options, profile=replace(options.profile, pagerank_share=0.0))


def hsprec(options: MCPRHRecOptions) -> MCPRHRecOptions:
    """The same without categories at all."""
    profile = replace(options.profile, item_share=1.0, category_share=0.0, pagerank_share=0.0)
    return replace(options, profile=profile, category_weight=0.0)


@dataclass(frozen=True)
class Scored:
    """The parts of the scores of some histories; their weighted sum is the score."""

    profiles: Profiles
    neighbours: csr_array
    """Histories × training users who bought: the similarity of the K most similar ones."""
    parts: dict[Term, csr_array]
    """Histories × items, already weighted and divided by each row's largest entry."""
    scale: dict[Term, ndarray]
    """By what each row of a part was multiplied."""

    @property
    def scores(self) -> csr_array:
        """The sum of the parts."""
        return sum_matrices(list(self.parts.values()))


class MCPRHRec(CategoryModel):
    """The three systems, by their options.

    With PageRank they answer users of whom nothing is known, with categories those of whom one category is.
    """

    Options = MCPRHRecOptions
    explains = "sum"
    trained_on = "users"
    learns_from = "users"
    uses = ("co-occurrence", "preferences", "pagerank")
    knows_owners = True

    @classmethod
    def seeded(cls, options: MCPRHRecOptions | None, seed: int) -> Self:
        """The model of a preset; walks are what is left to chance."""
        base = options or MCPRHRecOptions()
        return cls(replace(base, profile=replace(base.profile, walking=replace(base.profile.walking, seed=seed))))

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Learn the profiles of all users who bought something.

        Raises `BadInput` for data without categories where a block of the profile needs them and none are derived.
        """
        options = self.options
        if data.categories is None and options.profile.uses_categories and options.derive:
            progress("Deriving categories")
            derived = once("categories", data, None, lambda: with_derived_categories(data).categories)
            computed = None if data.computed is None else data.computed.without_categories()
            data = replace(data, categories=derived, computed=computed)
        self.items, self.owners, self.known = data.items, data.owners, data.categories
        self.profiler = Profiler(options.profile, options.user_items, options.categories, data, progress)
        bought = np.isin(data.histories.events, [EVENTS.index(event) for event in PURCHASES])
        self.buyers: Int[ndarray, " buyers"] = np.unique(data.histories.owners[bought])
        progress("Making profiles", 0, len(self.buyers))
        self._histories = data.histories.take(self.buyers)
        self._preferred = self.profiler.preferred(data, self.buyers)
        rules = self.profiler.user_items
        self._compare(once("buyers' cells", data, options.user_items, lambda: rules.cells(self._histories)))
        return self

    def reweighted(self, options: MCPRHRecOptions) -> "MCPRHRec":
        """The same model with other weights, shares and number of neighbours; nothing is mined or walked again.

        So the systems of the family, their ablations and the search for weights share what one `fit` has learned.
        Raises `BadInput` where that is not enough: other rules or categories, or a block that was left out.
        """
        trained_with = self.options
        if (options.user_items, options.categories) != (trained_with.user_items, trained_with.categories):
            raise BadInput("other rules or categories have to be learned: fit a new model with these options")
        other = copy(self)
        other.options = options
        other.profiler = self.profiler.reweighted(options.profile)
        other._compare()
        return other

    def _compare(self, cells: Cells | None = None) -> None:
        """Make the profiles of those who can be neighbours."""
        of_buyers = self.profiler.profiles(self._histories, self._preferred, cells)
        self._wants = of_buyers.cells.matrix
        self._compared = csr_array(of_buyers.compared.T)

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """The sum of the parts; an item that none of them knows has no entry."""
        return self.scored(queries, owners).scores

    def category_scores(self, categories: Int[ndarray, " n"]) -> csr_array:
        """`scores` of users of whom one category is known, a row of the training data's categories, or `NONE`.

        Their U'(u, ·) and P(u, ·) start at the category. HSPRec, which knows no categories, scores nothing.
        """
        return self._scored(self.profiler.of_categories(categories), None).scores

    def scored(self, queries: Histories, owners: ndarray | None = None) -> Scored:
        """The parts of the scores.

        `owners` are the rows of users of the training data, so that nobody is a neighbour of their own.
        """
        return self._scored(self.profiler.profiles(queries), owners)

    def _scored(self, profiles: Profiles, owners: ndarray | None) -> Scored:
        neighbours = self._nearest(profiles, owners)
        parts: dict[Term, csr_array] = {"own": profiles.cells.matrix, "collaborative": neighbours @ self._wants}
        if profiles.category_affinity is not None and self.profiler.categories is not None:
            parts["category"] = csr_array(profiles.category_affinity @ self.profiler.categories.items)
        of_categories = self.options.cold_category_weight
        cold = {"own": 0.0, "collaborative": 1 - of_categories, "category": of_categories}
        knows_no_item = np.diff(profiles.cells.matrix.indptr) == 0
        warm = {name: getattr(self.options, f"{name}_weight") for name in parts}
        scale: dict[Term, ndarray] = {
            name: np.where(knows_no_item, cold[name], warm[name]) / row_maxima(part)
            for name, part in parts.items()
            if warm[name] or cold[name]
        }
        scaled: dict[Term, csr_array] = {name: _times(parts[name], factor) for name, factor in scale.items()}
        return Scored(profiles, neighbours, scaled, scale)

    def _nearest(self, profiles: Profiles, owners: ndarray | None) -> csr_array:
        alike = csr_array(profiles.compared @ self._compared)
        own = None
        if owners is not None:
            row = np.minimum(np.searchsorted(self.buyers, owners), max(len(self.buyers) - 1, 0))
            known = np.flatnonzero((owners != NONE) & (self.buyers[row] == owners)) if len(self.buyers) else []
            own = csr_array((np.ones(len(known)), (known, row[known])), shape=alike.shape)
        columns, values = top_k_of_sparse(alike, self.options.neighbours, own)
        rows, places = np.nonzero((columns >= 0) & (values > 0))
        return csr_array((values[rows, places], (rows, columns[rows, places])), shape=alike.shape)

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """What each score is the sum of: own cells, rules, neighbours and categories; see `evidence`."""
        parts_of_rows = []
        for row, item_share in enumerate(items):
            scored = self.scored(queries.part(row, row + 1), owners[row : row + 1])
            terms = [[] if item == NONE else list(self._evidence(scored, int(item))) for item in item_share]
            parts_of_rows.append([[Part(kind, name, amount) for kind, name, amount in of_item] for of_item in terms])
        return parts_of_rows

    def evidence(self, query: Histories, owner: int, item: int) -> Iterator[tuple[str, str, float]]:
        """What one score of one history is made of: kind, external id of what is behind it, amount.

        Kinds are `bought`, `clicked`, `rule` (the id is written "1 → 2, with confidence 0.5"), `neighbour` and
        `category`, written with those above it; the amounts add up to the score.
        """
        return self._evidence(self.scored(query, np.array([owner])), item)

    def _evidence(self, scored: Scored, item: int) -> Iterator[tuple[str, str, float]]:
        cells = scored.profiles.cells
        position = np.flatnonzero(cells.matrix.indices == item)
        if len(position) and "own" in scored.parts:
            kind, rule = int(cells.kind[position[0]]), int(cells.rule[position[0]])
            text = self.items.name(item) if rule < 0 else self._rule_in_words(rule)
            yield ("bought", "rule", "clicked")[kind], text, float(scored.parts["own"][0, item])
        if "collaborative" in scored.parts:
            near = scored.neighbours
            amounts = near.data * _entries(self._wants, near.indices, item) * scored.scale["collaborative"][0]
            for at in np.flatnonzero(amounts):
                yield "neighbour", self.owners.name(int(self.buyers[near.indices[at]])), float(amounts[at])
        if "category" in scored.parts and self.profiler.categories is not None:
            category_affinity = scored.profiles.category_affinity
            assert category_affinity is not None
            item_share = _entries(self.profiler.categories.items, category_affinity.indices, item)
            amounts = category_affinity.data * item_share * scored.scale["category"][0]
            for at in np.flatnonzero(amounts):
                yield "category", self._path(int(category_affinity.indices[at])), float(amounts[at])

    def _path(self, category: int) -> str:
        """The categories from the root down to this one: "1 > 2 > 4"."""
        assert self.known is not None
        path = [category]
        while self.known.parents[path[0]] != NONE and self.known.parents[path[0]] not in path:
            path.insert(0, int(self.known.parents[path[0]]))
        return " > ".join(map(self.known.ids.name, path))

    def _rule_in_words(self, rule: int) -> str:
        rules = self.profiler.user_items.index.rules
        left = ", then ".join(" with ".join(map(self.items.name, element)) for element in rules.left(rule))
        return f"{left} → {self.items.name(rules.right[rule])}, with confidence {rules.confidence[rule]:.2f}"


def _entries(matrix: csr_array, rows: ndarray, column: int) -> ndarray:
    """The entries of some rows in one column; SciPy answers no rows with a matrix, not an array."""
    return np.asarray(matrix[rows, np.full(len(rows), column)]) if len(rows) else np.zeros(0)


def _times(matrix: csr_array, factors: ndarray) -> csr_array:
    products = csr_array(
        (matrix.data * np.repeat(factors, np.diff(matrix.indptr)), matrix.indices, matrix.indptr),
        matrix.shape,
        copy=True,
    )
    products.eliminate_zeros()  # what a part of no weight says is no score of 0, it is none
    return products
