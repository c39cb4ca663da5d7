"""A learned blend: components offer items, a network that has learnt from validation cases orders them.

The features of an item are in `blend.features`, the network in `blend.ranker`. A blend learns its components from the
training data; its network comes ready, learnt once on cases that lie before every test part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.blend.features import CandidateFeatures, Candidates, feature_names
from kartograph.models.blend.ranker import Ranker
from kartograph.models.data import Histories, TrainingData
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

OFFERED = 100
"""Items that each component offers."""


@dataclass(frozen=True)
class BlendOptions:
    """What a blend was made of, for records."""

    components: Mapping[str, Any]
    """The options of each component, None where it has none."""
    network: str
    """Sum of the network's weights."""


class Blend(ArrayModel):
    """Components and the network that orders what they offer."""

    def __init__(
        self, components: Mapping[str, ArrayModel], ranker: Ranker, log_probabilities: Sequence[str] = ()
    ) -> None:
        """Join components, of which those in `log_probabilities` answer in these.

        Raises `BadInput` where the network was taught with other features than the components give.
        """
        self.components, self.ranker, self.log_probabilities = dict(components), ranker, tuple(log_probabilities)
        names = feature_names(list(components))
        if names != ranker.names:
            pairs = zip_longest(names, ranker.names)
            given, known = next(pair for pair in pairs if pair[0] != pair[1])
            raise BadInput(
                f"The network was taught with the feature {known!r} where the components give {given!r}. Teach it with "
                f"these features: {', '.join(names)}."
            )

    @property
    def options(self) -> BlendOptions:
        """What the blend is made of."""
        parts = {name: getattr(part, "options", None) for name, part in self.components.items()}
        return BlendOptions(parts, self.ranker.digest)

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Fit every component on the same data."""
        self.items = data.items
        self.features = CandidateFeatures(self.log_probabilities, data)
        for component in self.components.values():
            component.fit(data, progress)
        return self

    def scores(self, queries: Histories, owners: np.ndarray) -> csr_array:
        """The network's scores for the candidates; items that no component offers have no entry."""
        found = self.candidates(queries, owners)
        return found.scored(self.ranker.scores(found.features), len(self.items))

    def candidates(self, queries: Histories, owners: np.ndarray) -> Candidates:
        """What the components offer."""
        offered = {name: part.rank(queries, OFFERED, owners) for name, part in self.components.items()}
        return self.features.candidates(offered, queries)
