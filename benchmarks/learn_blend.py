"""What weighs how much in the presets `blend` and `blend-graph`, and what do they reach on the validation cut?

    python benchmarks/learn_blend.py session_clicks.csv.gz [--skip 4400] [--without-net] [--write]

holds out the latest 4,400 sessions (`evaluation.cuts`), fits the components with the options of their presets (which
`search_options.py` finds), learns the weights of the blends, and prints HR@20 and MRR@20. The figure of a blend is
cross-validated: weights learnt on every other session rank the rest; a second line says what the weights that are in
use reach. With `--write` the weights learnt on all cases go to `models/blend_weights.json`, where the presets find
them. `--skip` takes the cut that lies so many sessions earlier, to see whether figures move together: there the weights
in use have seen none of the cases; never write from that one.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kartograph.evaluation.cases import Cases, Truth, sequence_cases
from kartograph.evaluation.cuts import VALIDATION_SESSIONS, latest_sessions
from kartograph.evaluation.metrics import summary
from kartograph.models.base import TopK, TrainingData
from kartograph.models.blend import Blend, BlendOptions, Candidates, learn_weights
from kartograph.models.presets import BLENDED, PRESETS
from kartograph.models.top_k import top_k_of_sparse
from kartograph.tables.sequences import read_sequences

WEIGHTS = Path(__file__).parent.parent / "models" / "blend_weights.json"
K = 20


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--without-net", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    train, held_out = latest_sessions(read_sequences(arguments.file), VALIDATION_SESSIONS, arguments.skip)
    data = TrainingData.from_table(train, "session_id")
    cases = sequence_cases(held_out, data.items, all_prefixes=True, shortest=2)
    print(f"{len(data.owners)} sessions to learn from, {len(data.items)} items, {len(cases)} cases")

    blends: dict[str, tuple[str, ...]] = {"blend-graph": BLENDED}
    if not arguments.without_net:
        blends["blend"] = (*BLENDED, "session-net")
    weights = json.loads(WEIGHTS.read_text("utf-8")) if WEIGHTS.exists() else {}
    offered: dict[str, TopK] = {}
    for name, components in blends.items():
        options = BlendOptions({}, log_probabilities=("session-net",))
        blend = Blend({component: PRESETS[component].make(0) for component in components}, options)
        blend.know(data)
        for component in components:
            if component not in offered:
                model = blend.components[component].fit(data)
                offered[component] = model.recommend(cases.queries, options.candidates)
                short = TopK(offered[component].items[:, :K], offered[component].scores[:, :K])
                _show(component, short, cases.truth, data)
        found = blend.candidates({component: offered[component] for component in components}, cases.queries)
        _show(f"{name}, cross-validated", _cross_validated(found, cases, blend.names), cases.truth, data)
        if name in weights:
            _show(f"{name}, weights in use", _ranked(found, blend.names, weights[name]), cases.truth, data)
        weights[name] = learn_weights(found, cases.truth.items, blend.names)
    if arguments.write:
        rounded = {name: {key: round(value, 4) for key, value in part.items()} for name, part in weights.items()}
        WEIGHTS.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def _ranked(found: Candidates, names: list[str], weights: Mapping[str, float]) -> TopK:
    """Lists by given weights."""
    items, scores = top_k_of_sparse(found.scores(names, weights, int(found.items.max()) + 1), K)
    return TopK(items, scores)


def _cross_validated(found: Candidates, cases: Cases, names: list[str]) -> TopK:
    """Lists of each half of the sessions by the weights of the other half."""
    session = np.unique([name.rsplit(":", 1)[0] for name in cases.ids], return_inverse=True)[1]
    items = np.full((len(cases), K), -1)
    for half in (0, 1):
        learnt, ranked = session % 2 == half, session % 2 != half
        weights = learn_weights(found.part(learnt), cases.truth.items[learnt], names)
        items[ranked] = _ranked(found.part(ranked), names, weights).items
    return TopK(items, np.where(items >= 0, 0.0, -np.inf))


def _show(name: str, top: TopK, truth: Truth, data: TrainingData) -> None:
    figures: Mapping[str, float] = summary(top, truth, len(data.items))
    print(f"{name:32} HR@20 {100 * figures['HR@20']:6.2f}  MRR@20 {100 * figures['MRR@20']:6.2f}", flush=True)


if __name__ == "__main__":
    main()
