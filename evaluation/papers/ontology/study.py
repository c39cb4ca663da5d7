"""The protocol of the ontology-based relational recommender, and what its `tables` share: any ontology and its visits.

The paper's protocol: ten folds of sessions, suggesting one or three items from the first item of a session; a
suggestion succeeds that occurs later in the session. Weights are learned on each fold's learning sessions, and so is
what a missing value counts.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.evaluation.papers.ontology.data import StudyData
from kartograph.evaluation.papers.ontology.learned import Fitness
from kartograph.evaluation.papers.ontology.scorers import by_similarity
from kartograph.evaluation.papers.ontology.success import (
    folds,
    from_first,
    success,
)
from kartograph.loaders.books import books_schema, catalogue, is_new
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.sessions import Sessions, sessions_of
from kartograph.ontology.similarity import Space, Unknown, similarity_matrix, space_of
from kartograph.ontology.weights.genetic import GeneticOptions
from kartograph.ontology.weights.purity import PurityOptions
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class ProtocolOptions:
    """How the tables are made; the defaults are the paper's."""

    folds: int = 10
    seed: int = 0
    unknown: Unknown | None = None
    """What a value counts that one of two items lacks; None: what succeeds more often on the learning sessions of each
    fold. The paper leaves such values out; where little is known of many items, these are then the most similar to
    everything."""
    genetic: GeneticOptions = field(default_factory=GeneticOptions)
    purity: PurityOptions = field(default_factory=PurityOptions)
    clusters: tuple[int, ...] = (5, 10)
    thresholds: tuple[float, ...] = (1.0, 1.05, 1.1, 1.2, 1.3, 1.5, 2.0, 3.0)
    """Purity thresholds that are swept."""
    populations: tuple[int, ...] = (10, 25, 50)
    """Sizes of population that are swept."""
    crossovers: tuple[int, ...] = (10, 50, 100)


@dataclass
class Study:
    """The data and what several tables share."""

    data: StudyData
    options: ProtocolOptions
    progress: Progress = silent
    success_of: dict[str, Matrix] = field(default_factory=dict)
    """By the name of a method its success, session by session (sessions × 2)."""
    success_of_longer: dict[str, Matrix] = field(default_factory=dict)
    """The same of methods that ask after two items; sessions of three or more."""
    notes: list[str] = field(default_factory=list)
    """What a person has to know of the figures."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The items and what they link to. Books are new relative to the year of reference of the folds."""
        return self.catalogue_of(self.reference_year) if self.data.books is not None else self.data.catalogue

    def catalogue_of(self, year: int | None) -> Catalogue:
        """A library's catalogue for a year of reference; other catalogues know none."""
        books = self.data.books
        if books is None or year is None:
            return self.data.catalogue
        table = books.books.assign(new=is_new(books.books["year"], year))
        return catalogue(replace(books, books=table), books_schema())

    @cached_property
    def reference_years(self) -> list[int]:
        """Of each fold the median year of its learning sessions: nothing of the test part decides what is new."""
        years = self.years[self.all_sessions.sizes > 1]
        return [int(np.median(years[self.learning(fold)])) for fold in range(self.options.folds)]

    @property
    def reference_year(self) -> int:
        """The year of reference of most folds."""
        return int(pd.Series(self.reference_years).mode().iloc[0])

    @cached_property
    def years(self) -> NDArray[np.int64]:
        """The year of each session, of data whose days are known."""
        return self.data.visits.drop_duplicates("session")["day"].dt.year.to_numpy()

    @cached_property
    def all_sessions(self) -> Sessions:
        """Sessions of any length."""
        return sessions_of(self.data.visits, self.data.catalogue.items.ids, session="session", item="item")

    @cached_property
    def sessions(self) -> Sessions:
        """Those of two or more items. Raises `BadInput` where there are fewer than folds."""
        longer = self.all_sessions.longer_than(1)
        if len(longer) < self.options.folds:
            raise BadInput(
                f"{self.data.name} has {len(longer)} sessions of two or more items of the ontology, too few for "
                f"{self.options.folds} folds; give more visits or fewer folds"
            )
        return longer

    @cached_property
    def longer(self) -> Sessions:
        """Those of three or more."""
        return self.all_sessions.longer_than(2)

    @cached_property
    def fold(self) -> NDArray[np.int64]:
        """The fold of each session of two or more."""
        return folds(len(self.sessions), self.options.folds, self.options.seed)

    @cached_property
    def fold_of_longer(self) -> NDArray[np.int64]:
        """The folds that the longer sessions have among all: what learned on a fold's sessions never saw its test."""
        return self.fold[self.sessions.sizes > 2]

    def space(self, measure: Measure, unknown: Unknown | None = None) -> Space:
        """The catalogue as a measure sees it, without columns of which nothing is known (a library's price, area)."""
        return self.space_in(self.catalogue, measure, unknown or self.reading(measure))

    def space_in(self, items: Catalogue, measure: Measure, unknown: Unknown) -> Space:
        """The same of another catalogue."""
        full = space_of(items, measure, unknown=unknown)
        known = tuple(column for column in full.columns if (column.codes >= 0).any())
        return Space(measure, known, full.ids, full.labels, full.matching, full.unknown)

    def matrix(self, measure: Measure, weights: dict[str, float] | None = None) -> Matrix:
        """All similarities; -1 where two books cannot be compared."""
        return np.nan_to_num(similarity_matrix(self.space(measure), weights), nan=-1.0)

    @cached_property
    def by_reading(self) -> dict[Measure, dict[Unknown, Matrix]]:
        """The success of each measure under each reading of unknown values, session by session."""
        questions = from_first(self.sessions)
        matrices: dict[Measure, dict[Unknown, Matrix]] = {}
        for measure in Measure:
            matrices[measure] = {}
            for unknown in Unknown:
                self.progress(f"Unknown values of {measure}: {unknown}")
                matrix = np.nan_to_num(similarity_matrix(self.space(measure, unknown)), nan=-1.0)
                matrices[measure][unknown] = success(questions, by_similarity(matrix))
        return matrices

    def readings(self, measure: Measure) -> list[Unknown]:
        """The reading that each fold chooses: that with the higher success on its learning sessions."""
        if self.options.unknown is not None:
            return [self.options.unknown] * self.options.folds
        matrices = self.by_reading[measure]
        return [
            max(Unknown, key=lambda one: matrices[one][self.learning(fold)].mean(axis=0).sum())
            for fold in range(self.options.folds)
        ]

    def reading(self, measure: Measure) -> Unknown:
        """The reading that most folds choose."""
        chosen = self.readings(measure)
        return max(Unknown, key=chosen.count)

    @cached_property
    def fitness(self) -> Fitness:
        """How weights of the first extended Euclidean distance succeed; two tables learn such weights."""
        return Fitness.of(self.space(Measure.EED1), self.sessions)

    def learning(self, fold: int) -> NDArray[np.bool_]:
        """The sessions that a fold learns from."""
        return self.fold != fold
