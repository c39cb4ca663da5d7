"""Teach the networks of the presets `blend` and `blend-graph`, and show what they reach on the validation cuts.

    python benchmarks/learn_blend.py session_clicks.csv.gz [--without-net] [--write]

holds out the latest 4,400 sessions (cut 1), and the 4,400 before them with everything later thrown away (cut 2); see
`evaluation.protocols.cuts`. On each cut the components are fitted with the options of their presets (which
`search_options.py` finds) and offer their items. The figure of a blend on a cut is that of a network taught on the
other cut, so no case was seen by what ranks it; for cut 2 that network learnt from cases that are later in time. With
`--write` networks taught on both cuts go to `models/blend/`, where the presets find them.
"""

import argparse
from pathlib import Path

from kartograph.evaluation.cases import Truth, sequence_cases
from kartograph.evaluation.graph_models import chosen
from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, latest_sessions
from kartograph.models.blend.features import CandidateFeatures, Candidates, feature_names
from kartograph.models.blend.model import OFFERED
from kartograph.models.blend.presets import BLENDS, LOG_PROBABILITIES
from kartograph.models.blend.ranker import Ranker
from kartograph.models.data import TrainingData
from kartograph.models.ranking import TopK
from kartograph.models.top_k import top_k_of_sparse
from kartograph.tables.sequences import read_sequences

FOLDER = Path(__file__).parent.parent / "models" / "blend"
K = 20


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--without-net", action="store_true", help="blend-graph alone")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    blends = {name: parts for name, parts in BLENDS.items() if not (arguments.without_net and "session-net" in parts)}
    found: dict[str, list[Candidates]] = {name: [] for name in blends}
    truths = []
    clicks = read_sequences(arguments.file)
    for cut in (0, 1):
        train, held_out = latest_sessions(clicks, VALIDATION_SESSIONS, cut * VALIDATION_SESSIONS)
        data = TrainingData.from_table(train, "session_id")
        cases = sequence_cases(held_out, data.items, all_prefixes=True, shortest=2)
        print(f"cut {cut + 1}: {len(data.owners)} sessions to learn from, {len(data.items)} items, {len(cases)} cases")
        truths.append(cases.truth)
        offered: dict[str, TopK] = {}
        for name, parts in blends.items():
            for part in (part for part in parts if part not in offered):
                offered[part] = chosen(part)(0).fit(data).rank(cases.queries, OFFERED)
                _show(part, TopK(offered[part].items[:, :K], offered[part].scores[:, :K]), cases.truth)
            features = CandidateFeatures(LOG_PROBABILITIES, data)
            found[name].append(features.candidates({part: offered[part] for part in parts}, cases.queries))
    for name, parts in blends.items():
        names = feature_names(parts)
        for cut, other in ((0, 1), (1, 0)):
            ranker = Ranker.learn([found[name][other]], [truths[other].items], names)
            _show(f"{name}, cut {cut + 1}, taught on the other", _ranked(found[name][cut], ranker), truths[cut])
        if arguments.write:
            Ranker.learn(found[name], [truth.items for truth in truths], names).save(FOLDER / f"{name}.npz")


def _ranked(found: Candidates, ranker: Ranker) -> TopK:
    scores = found.scored(ranker.scores(found.features), int(found.items.max()) + 1)
    return TopK(*top_k_of_sparse(scores, K))


def _show(name: str, top: TopK, truth: Truth) -> None:
    figures = case_figures(top, truth)
    hits, ranks = 100 * figures.hit_rate.mean(), 100 * figures.reciprocal_rank.mean()
    print(f"{name:44} HR@20 {hits:6.2f}  MRR@20 {ranks:6.2f}", flush=True)


if __name__ == "__main__":
    main()
