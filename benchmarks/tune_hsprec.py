"""The weights of the presets of the MCPRHRec family: `python benchmarks/tune_hsprec.py buyers.csv.gz`.

Holds out the last purchase of each user who bought two or more items (`evaluation.cuts.last_purchases`), learns the
weights of each system on these cases (`evaluation.papers.mcprhrec_weights`) and prints them with NDCG@20 and Recall@20
under the mask `bought`. `--structure` says whose rules, matrices and PageRank the weights are for.
"""

import argparse
from pathlib import Path

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.metrics.accuracy import summary
from kartograph.evaluation.papers.mcprhrec_weights import tuned_weights
from kartograph.evaluation.protocols.cuts import last_purchases
from kartograph.models.data import TrainingData
from kartograph.models.item_categories import with_derived_categories
from kartograph.models.mcprhrec.model import MCPRHRec, hsprec, mce_hsprec
from kartograph.models.mcprhrec.presets import MCPRHREC, TUNED
from kartograph.tables.contents.interactions import read_interactions

STRUCTURES = {"paper": MCPRHREC, "tuned": TUNED}


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--structure", choices=STRUCTURES, default="paper")
    parser.add_argument("--cases", type=int, default=400, help="held-out users, the first ones of a shuffle")
    arguments = parser.parse_args()
    train, held_out = last_purchases(read_interactions(arguments.file))
    data = with_derived_categories(TrainingData.from_table(train, "user_id"))
    cases = interaction_cases(held_out.sample(min(arguments.cases, len(held_out)), random_state=0), data, "bought")
    print(f"{len(data.owners)} users, {len(data.items)} items, {len(cases)} cases", flush=True)
    structure = STRUCTURES[arguments.structure]
    model = MCPRHRec(structure).fit(data)
    for name, system in (("HSPRec", hsprec), ("MCE-HSPRec", mce_hsprec), ("MCPRHRec", lambda same: same)):
        options = system(structure)
        best = tuned_weights(model.reweighted(options), cases)
        top = model.reweighted(best).rank(cases.queries, 20, cases.owners, cases.masked)
        figures = summary(top, cases.truth, len(data.items))
        shares = [round(getattr(best.profile, f"{block}_share"), 3) for block in ("item", "category", "pagerank")]
        weights = [round(getattr(best, f"{part}_weight"), 3) for part in ("own", "collaborative", "category")]
        print(
            f"{name:10} shares {shares} weights {weights} "
            f"NDCG@20 {figures['NDCG@20']:.4f} Recall@20 {figures['Recall@20']:.4f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
