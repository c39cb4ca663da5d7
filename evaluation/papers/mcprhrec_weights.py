"""Chooses MCPRHRec's weights from a small grid on validation cases, by NDCG.

    options = tuned_weights(model, cases)          # cases held out of what the model was fitted on
    model = model.reweighted(options)

The grid has the shares of a profile's blocks and the weights of a score's parts; what is mined and walked is learned
once. Cases of new users say nothing about the weights, for only one part answers them; leave them out or not.
"""

from collections.abc import Sequence
from dataclasses import replace

from kartograph.evaluation.cases import Cases
from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_sparse

SHARES = (0.0, 0.02, 0.1, 0.3)
"""Shares of a profile that categories and PageRank have together; half of it each where both are there."""
OWN = (0.0, 0.1, 0.3)
CATEGORY = (0.01, 0.05, 0.2, 0.5)
"""Weights of a user's own cells and of categories, against 1 for the neighbours; then divided by their sum."""


def tuned_weights(model: MCPRHRec, cases: Cases, k: int = 20, shares: Sequence[float] = SHARES) -> MCPRHRecOptions:
    """The model's options with the shares and weights that reach the highest NDCG@k on the cases, of equals the first.

    Blocks and parts that the model's options leave out stay out; those that it has keep a share above 0, without which
    new users and new items would go without an answer.
    """
    best, highest = model.options, -1.0
    profile = model.options.profile
    extra = profile.category_share + profile.pagerank_share
    for share in shares:
        if bool(share) != bool(extra):
            continue
        part = {
            name: share * getattr(profile, name) / extra if extra else 0.0
            for name in ("category_share", "pagerank_share")
        }
        shared = replace(model.options, profile=replace(profile, item_share=1 - share, **part))
        has_categories = model.options.category_weight > 0
        even = replace(shared, own_weight=1.0, collaborative_weight=1.0, category_weight=float(has_categories))
        scored = model.reweighted(even).scored(cases.queries, cases.owners)
        for own in OWN:
            for category in CATEGORY if has_categories else (0.0,):
                weights = {"own": own, "collaborative": 1.0, "category": category}
                scores = sum((weights[name] * part for name, part in scored.parts.items()), start=0)
                items, values = top_k_of_sparse(scores, k, cases.masked, model.items.tie_order)  # pyright: ignore[reportArgumentType]
                reached = float(case_figures(TopK(items, values), cases.truth).ndcg.mean())
                if reached > highest:
                    total = sum(weights.values())
                    best = replace(shared, **{f"{name}_weight": weight / total for name, weight in weights.items()})
                    highest = reached
    return best
