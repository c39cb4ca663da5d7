"""The baselines of PRE-ADDL's authors in scikit-learn, popularity alone, and always-yes, on the same pairs.

They see the label-encoded visitor and item, each divided by their number, and the scaled numeric features. Models whose
cost grows faster than the number of pairs learn a sample, whose size is part of their name's facts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.models.columns import ITEM
from kartograph.models.data import NONE
from kartograph.models.preaddl.pairs import Pairs, Prepared

SEEN = "label-encoded visitor and item, numeric features"


@dataclass(frozen=True)
class BaselineOptions:
    """How many training pairs the costly ones learn."""

    rbf_pairs: int = 4_000
    """SVM with an RBF kernel: time grows with the square."""
    knn_pairs: int = 20_000
    """Nearest neighbours: every answer looks at them."""
    neighbours: int = 15
    seed: int = 0


class PairClassifier:
    """A scikit-learn classifier of pairs."""

    def __init__(self, make: Callable[[], Any], pairs: int | None, seed: int) -> None:
        """`pairs` is the size of the sample to learn, None for all."""
        self._make, self.pairs, self._seed = make, pairs, seed

    def fit(self, prepared: Prepared) -> "PairClassifier":
        """Learn the training pairs, or a sample of them."""
        self._visitors, self._items = len(prepared.visitors), len(prepared.items)
        train = prepared.train
        if self.pairs is not None and self.pairs < len(train):
            train = train.take(np.sort(np.random.default_rng(self._seed).permutation(len(train))[: self.pairs]))
        self.training_pairs = len(train)
        self._model = self._make().fit(self._inputs(train), train.labels.astype(int))
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes)."""
        return self._model.predict_proba(self._inputs(pairs))[:, 1].astype(np.float64)

    def _inputs(self, pairs: Pairs) -> Float[ndarray, "n columns"]:
        visitor = np.where(pairs.visitors == NONE, self._visitors, pairs.visitors) / max(self._visitors, 1)
        return np.column_stack([visitor, pairs.items / max(self._items, 1), pairs.features]).astype(np.float32)


class Popularity:
    """A logistic regression on log(1 + n), n the item's events in the training part: nothing else is looked at."""

    def fit(self, prepared: Prepared) -> "Popularity":
        """Count, and calibrate on the training pairs."""
        from sklearn.linear_model import LogisticRegression

        rows = prepared.items.rows(prepared.training_shop.events[ITEM])
        self._column = np.log1p(np.bincount(rows[rows != NONE], minlength=len(prepared.items)))
        self.training_pairs = len(prepared.train)
        self._model = LogisticRegression().fit(self._inputs(prepared.train), prepared.train.labels.astype(int))
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes)."""
        return self._model.predict_proba(self._inputs(pairs))[:, 1]

    def _inputs(self, pairs: Pairs) -> Float[ndarray, "n 1"]:
        return self._column[pairs.items][:, None]


class AlwaysYes:
    """Says yes to every pair: what all figures have to be held against."""

    training_pairs = 0

    def fit(self, prepared: Prepared) -> "AlwaysYes":
        """Learn nothing."""
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """One for every pair."""
        return np.ones(len(pairs))


def baselines(options: BaselineOptions | None = None) -> dict[str, "PairClassifier | Popularity | AlwaysYes"]:
    """The classifiers by name, unfitted. Probabilities of the SVMs are Platt's, cross-fitted on the training pairs.

    Always-yes has a second name, for pairs whose yes is a view.
    """
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC, LinearSVC
    from sklearn.tree import DecisionTreeClassifier

    options = options or BaselineOptions()
    seed = options.seed

    def platt(svm: Any) -> Any:
        return CalibratedClassifierCV(svm, method="sigmoid", cv=3, ensemble=False)  # pyright: ignore[reportArgumentType]

    return {
        "svm": PairClassifier(lambda: platt(LinearSVC(dual=False, random_state=seed)), None, seed),  # pyright: ignore[reportArgumentType]
        "svm-rbf": PairClassifier(lambda: platt(SVC(random_state=seed)), options.rbf_pairs, seed),
        "knn": PairClassifier(lambda: KNeighborsClassifier(options.neighbours), options.knn_pairs, seed),
        "naive-bayes": PairClassifier(GaussianNB, None, seed),
        "decision-tree": PairClassifier(
            lambda: DecisionTreeClassifier(min_samples_leaf=20, random_state=seed), None, seed
        ),
        "popularity": Popularity(),
        "always-yes": AlwaysYes(),
        "always-view": AlwaysYes(),
    }
