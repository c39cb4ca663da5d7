"""Which options does the preset for buyers' interactions have, and what do they reach on the validation cut?

    python benchmarks/tune_interactions.py buyers.csv.gz

holds out the last purchase of each user who bought two or more items (`evaluation.cuts.last_purchases`) and prints
Recall@20 and NDCG@20 under the masks `bought` and `seen` for the plain baselines and for the grid below.
"""

import argparse
from pathlib import Path

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.cuts import last_purchases
from kartograph.evaluation.metrics import summary
from kartograph.models.base import Recommender, TrainingData
from kartograph.models.item_knn import ItemKNN, ItemKNNOptions
from kartograph.models.popularity import Popularity
from kartograph.models.stan import STAN, STANOptions
from kartograph.tables.interactions import read_interactions


def grid() -> dict[str, Recommender]:
    """The options that are tried, by what is printed for them."""
    tried: dict[str, Recommender] = {
        "popularity": Popularity(),
        "item-knn TF-IDF, K 500": ItemKNN(ItemKNNOptions(neighbours=500)),
    }
    for query_decay in (3.0, 10.0, 30.0):
        for gap_decay in (1.0, 2.0, 3.0, 5.0):
            for neighbours in (100, 500):
                options = STANOptions(neighbours, 2500, query_decay, None, gap_decay)
                tried[f"stan query {query_decay} gap {gap_decay} neighbours {neighbours}"] = STAN(options)
    return tried


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    train, held_out = last_purchases(read_interactions(parser.parse_args().file))
    data = TrainingData.from_table(train, "user_id")
    print(f"{len(data.owners)} users, {len(data.items)} items, {len(held_out)} cases")
    for name, model in grid().items():
        model.fit(data)
        shown = []
        for mask in ("bought", "seen"):
            cases = interaction_cases(held_out, data, mask)
            top = model.recommend(cases.queries, 20, cases.owners, cases.masked)
            figures = summary(top, cases.truth, len(data.items))
            shown.append(f"{mask} Recall@20 {figures['Recall@20']:.4f} NDCG@20 {figures['NDCG@20']:.4f}")
        print(f"{name:40} {'   '.join(shown)}", flush=True)


if __name__ == "__main__":
    main()
