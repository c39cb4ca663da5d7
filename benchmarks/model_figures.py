"""Accuracy and cost of models on public data, for the table of models (docs/models.md).

    python benchmarks/model_figures.py RetailRocket session_clicks.csv.gz --models item-knn,stan
    python benchmarks/model_figures.py "RetailRocket buyers" buyers.csv.gz --models stan-users,mcprhrec
    python benchmarks/model_figures.py RetailRocket session_clicks.csv.gz --record record.json

Of a file of clicks (session_id, position, item_id) the latest 4,400 sessions are held out and every prefix is a case;
clicks on items that training does not know are misses. Of a file of interactions (user_id, item_id, event, timestamp)
what each user bought last is held out (`evaluation.protocols.cuts.last_purchases`). `kartograph evaluate` measures, and
the rows go into `src/kartograph/reference/measured.csv`, in place of older ones; then run `python -m
kartograph.reference`. Where other programs kept cores busy, that stands there as well: the seconds are rough then.
`--record` takes the record of such an evaluation that has been run before.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, last_purchases
from kartograph.reference.measured import MEASURES, Measured, keep
from kartograph.reference.records import BEGAN, machine_in_words
from kartograph.tables.contents.interactions import read_interactions


def main() -> None:
    """Measure, or read a record, and keep the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="what the data set is called in the table")
    parser.add_argument("file", type=Path)
    parser.add_argument("--models", default="")
    parser.add_argument("--record", type=Path, help="the record of an evaluation that has been run before")
    asked = parser.parse_args()
    protocol = "sequences" if "session_id" in pd.read_csv(asked.file, nrows=1) else "interactions"
    date = datetime.date.today()
    if asked.record:
        record, date = json.loads(asked.record.read_text("utf-8")), _date_of(asked.record)
    else:
        record = measure(asked.file, protocol, asked.models)
    command = f'python benchmarks/model_figures.py "{asked.name}" {asked.file.name} --models '
    of_others = 0.0 if asked.record else BEGAN.of_others()
    reasons = {**record.get("failed", {}), **record.get("not_applicable", {})}
    rows = [_row(model, asked.name, record, str(date), command + model, of_others) for model in record["figures"]]
    rows += [_without(model, asked.name, record, str(date), command + model, why) for model, why in reasons.items()]
    keep(rows)


def measure(file: Path, protocol: str, models: str) -> dict[str, Any]:
    """Cut, evaluate, and return the record."""
    with tempfile.TemporaryDirectory() as folder:
        train, test, record = (Path(folder) / name for name in ("train.csv", "test.csv", "record.json"))
        parts = _clicks(file) if protocol == "sequences" else last_purchases(read_interactions(file))
        for part, path in zip(parts, (train, test), strict=True):
            part.to_csv(path, index=False)
        command = [Path(sys.executable).with_name("kartograph"), "evaluate", protocol, "--train", train, "--test", test]
        options = ["--models", models, "--json", record, *(["--all-prefixes"] if protocol == "sequences" else [])]
        subprocess.run([str(word) for word in [*command, *options]], check=True)
        return json.loads(record.read_text("utf-8"))


def _clicks(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    clicks = pd.read_csv(file)
    last = clicks["session_id"].isin(clicks["session_id"].drop_duplicates().tail(VALIDATION_SESSIONS))
    return clicks[~last], clicks[last]


def _row(model: str, data: str, record: dict[str, Any], date: str, command: str, of_others: float) -> Measured:
    first, second = MEASURES[record["protocol"]]
    figures, timings, machine = record["figures"][model], record["timings"][model], record["machine"]
    return Measured(
        model=model,
        data=data,
        protocol=record["protocol"],
        cases=figures["cases"],
        first=round(figures[first], 4),
        second=round(figures[second], 4),
        fit_s=float(f"{timings['fit_s']:.2g}"),
        ms_p50=float(f"{timings['ms_p50']:.2g}"),
        machine=machine_in_words(machine, of_others),
        date=date,
        command=command,
    )


def _without(model: str, data: str, record: dict[str, Any], date: str, command: str, reason: str) -> Measured:
    none = dict.fromkeys(("first", "second", "fit_s", "ms_p50"))
    return Measured(
        model, data, record["protocol"], cases=0, machine="", date=date, command=command, reason=reason, **none
    )


def _date_of(file: Path) -> datetime.date:
    return datetime.date.fromtimestamp(file.stat().st_mtime)


if __name__ == "__main__":
    main()
