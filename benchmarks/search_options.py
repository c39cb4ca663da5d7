"""Searches for a model's options on validation data, never on a test part.

    python benchmarks/search_options.py sequences session_clicks.csv.gz --model stan --trials 30
    python benchmarks/search_options.py interactions buyers.csv.gz --model item-knn --trials 30

Sequences: the latest 4,400 sessions are held out (`evaluation.cuts.latest_sessions`; `--skip` takes an earlier cut),
every prefix of two or more clicks is a case, and HR@20 + MRR@20 is made large. Interactions: the last purchase of each
user who bought two or more items is held out (`evaluation.cuts.last_purchases`), what was bought is masked, and
Recall@20 + NDCG@20 is made large. The first trial is the preset as it stands, so that the best is never worse.

The search is Optuna's tree-structured Parzen estimator with a seed; every trial is printed.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna

from kartograph.evaluation.cases import Cases, interaction_cases, sequence_cases
from kartograph.evaluation.graph_models import chosen, measurable
from kartograph.evaluation.metrics.accuracy import summary
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, last_purchases, latest_sessions
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import TrainingData
from kartograph.models.factorization.als import ALS, ALSOptions
from kartograph.models.factorization.bpr import BPR, BPROptions
from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions
from kartograph.models.neighbours.sknn import SKNN, SKNNOptions
from kartograph.models.neighbours.stan import STAN, STANOptions
from kartograph.models.neighbours.vsknn import VSKNN, VSKNNOptions
from kartograph.models.neural.sasrec import SASRec, SASRecOptions
from kartograph.models.neural.session_net import SessionNet, SessionNetOptions
from kartograph.models.neural.sr_gnn import SRGNN, SRGNNOptions
from kartograph.models.patterns.markov import Markov, MarkovOptions
from kartograph.models.patterns.sequential_rules import SequentialRules, SequentialRulesOptions
from kartograph.models.walks.random_walk import RandomWalk, RandomWalkOptions
from kartograph.tables.contents.interactions import read_interactions
from kartograph.tables.contents.sequences import read_sequences

K = 20


@dataclass(frozen=True)
class Space:
    """What is searched for one model."""

    make: Callable[[dict[str, Any]], ArrayModel]
    """The model with the options of a trial."""
    suggest: Callable[[optuna.Trial], dict[str, Any]]
    """The options of a trial."""
    presets: dict[str, str]
    """By kind of data, the name of the preset that the search begins with."""


def _item_knn(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "weighting": trial.suggest_categorical("weighting", ["tfidf", "cosine", "bm25"]),
        "neighbours": trial.suggest_int("neighbours", 50, 1000, log=True),
        "decay": trial.suggest_float("decay", 0.5, 1.0),
    }


def _sknn(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "neighbours": trial.suggest_int("neighbours", 50, 1500, log=True),
        "sample": trial.suggest_int("sample", 500, 10000, log=True),
    }


def _vsknn(trial: optuna.Trial) -> dict[str, Any]:
    return _sknn(trial) | {"idf": trial.suggest_float("idf", 0.0, 10.0)}


def _stan(trial: optuna.Trial) -> dict[str, Any]:
    timed = trial.suggest_categorical("timed", [True, False])
    return _sknn(trial) | {
        "query_decay": trial.suggest_float("query_decay", 0.5, 30.0, log=True),
        "time_decay": trial.suggest_float("time_decay", 0.05, 5.0, log=True) if timed else None,
        "gap_decay": trial.suggest_float("gap_decay", 0.5, 30.0, log=True),
    }


def _walk(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "restart": trial.suggest_float("restart", 0.1, 0.9),
        "steps": trial.suggest_int("steps", 1, 3),
        "decay": trial.suggest_float("decay", 0.5, 1.0),
        "kept": trial.suggest_int("kept", 50, 200, log=True),
    }


def _als(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "factors": trial.suggest_int("factors", 32, 256, log=True),
        "regularization": trial.suggest_float("regularization", 1e-3, 10.0, log=True),
        "alpha": trial.suggest_float("alpha", 1.0, 40.0, log=True),
        "epochs": trial.suggest_int("epochs", 5, 20),
    }


def _bpr(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "factors": trial.suggest_int("factors", 32, 256, log=True),
        "regularization": trial.suggest_float("regularization", 1e-4, 0.1, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.2, log=True),
        "epochs": trial.suggest_int("epochs", 20, 150, log=True),
    }


def _markov(trial: optuna.Trial) -> dict[str, Any]:
    return {"order": 2, "backoff": trial.suggest_float("backoff", 0.01, 1.0, log=True)}


def _rules(trial: optuna.Trial) -> dict[str, Any]:
    return {"steps": trial.suggest_int("steps", 1, 30)}


def _session_net(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "temperature": trial.suggest_float("temperature", 0.05, 0.12),
        "dropout": trial.suggest_float("dropout", 0.1, 0.5),
        "learning_rate": trial.suggest_float("learning_rate", 5e-4, 5e-3, log=True),
        "epochs": trial.suggest_int("epochs", 4, 10),
    }


def _sasrec(trial: optuna.Trial) -> dict[str, Any]:
    return _session_net(trial) | {
        "recency": trial.suggest_float("recency", 0.2, 5.0, log=True),
        "graph_steps": trial.suggest_int("graph_steps", 0, 4),
    }


SPACES: dict[str, Space] = {
    "item-knn": Space(
        lambda found: ItemKNN(ItemKNNOptions(**found)),
        _item_knn,
        {"sequences": "item-knn", "interactions": "item-knn-tfidf"},
    ),
    "als": Space(lambda found: ALS(ALSOptions(**found)), _als, {"sequences": "als", "interactions": "als"}),
    "bpr": Space(lambda found: BPR(BPROptions(**found)), _bpr, {"sequences": "bpr", "interactions": "bpr"}),
    "markov-2": Space(lambda found: Markov(MarkovOptions(**found)), _markov, {"sequences": "markov-2"}),
    "sequential-rules": Space(
        lambda found: SequentialRules(SequentialRulesOptions(**found)), _rules, {"sequences": "sequential-rules"}
    ),
    "sknn": Space(lambda found: SKNN(SKNNOptions(**found)), _sknn, {"sequences": "sknn", "interactions": "sknn"}),
    "v-sknn": Space(
        lambda found: VSKNN(VSKNNOptions(**found)), _vsknn, {"sequences": "v-sknn", "interactions": "v-sknn"}
    ),
    "stan": Space(lambda found: STAN(STANOptions(**found)), _stan, {"sequences": "stan", "interactions": "stan-users"}),
    "walk": Space(
        lambda found: RandomWalk(RandomWalkOptions(**found)), _walk, {"sequences": "walk", "interactions": "walk"}
    ),
    "session-net": Space(
        lambda found: SessionNet(SessionNetOptions(**found)), _session_net, {"sequences": "session-net"}
    ),
    "sasrec": Space(
        lambda found: SASRec(SASRecOptions(**found)), _sasrec, {"sequences": "sasrec", "interactions": "sasrec-users"}
    ),
    "sr-gnn": Space(lambda found: SRGNN(SRGNNOptions(**found)), _session_net, {"sequences": "sr-gnn"}),
}
"""What is searched, by model."""


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["sequences", "interactions"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", choices=SPACES, required=True)
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    space = SPACES[arguments.model]
    if arguments.kind not in space.presets:
        parser.error(f"{arguments.model} is searched on {', '.join(space.presets)} only")
    data, cases = (_sequences if arguments.kind == "sequences" else _interactions)(arguments.file, arguments.skip)
    print(f"{len(data.owners)} histories to learn from, {len(data.items)} items, {len(cases)} cases")
    second = "MRR@20" if arguments.kind == "sequences" else "NDCG@20"

    def score(model: ArrayModel, shown: object) -> float:
        top = measurable(model).fit(data).rank(cases.queries, K, cases.owners, cases.masked)
        figures = summary(top, cases.truth, len(data.items))
        print(f"HR@20 {100 * figures['HR@20']:6.2f}  {second} {100 * figures[second]:6.2f}  {shown}", flush=True)
        return float(figures["HR@20"] + figures[second])

    name = space.presets[arguments.kind]
    standing = score(chosen(name)(arguments.seed), f"preset {name}")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=arguments.seed))

    def objective(trial: optuna.Trial) -> float:
        found = space.suggest(trial)
        return score(space.make(found), found)

    study.optimize(objective, n_trials=arguments.trials)
    better = study.best_value > standing
    print(f"best: {study.best_params if better else f'the preset {name}'}")


def _sequences(file: Path, skip: int) -> tuple[TrainingData, Cases]:
    train, held_out = latest_sessions(read_sequences(file), VALIDATION_SESSIONS, skip)
    data = TrainingData.from_table(train, "session_id")
    return data, sequence_cases(held_out, data.items, all_prefixes=True, shortest=2)


def _interactions(file: Path, skip: int) -> tuple[TrainingData, Cases]:
    train, held_out = last_purchases(read_interactions(file))
    data = TrainingData.from_table(train, "user_id")
    return data, interaction_cases(held_out, data, "bought")


if __name__ == "__main__":
    main()
