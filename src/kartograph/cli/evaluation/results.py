"""How commands that measure print a table of figures and where they put the record."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from kartograph.cli.app import errors
from kartograph.cli.shared.console import notes, print_frame
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.evaluation.runner import Evaluation


def refuse_unwritable(*files: Path | None) -> None:
    """Refuse files in folders that do not exist, before anything is measured."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise BadInput(f"{file} cannot be written: {file.absolute().parent} is no folder. Make it or name another.")


def save_record(content: dict[str, Any], file: Path | None, cases: "pd.DataFrame | None" = None) -> None:
    """Write the record to the file, where one is named, and below the home folder, where the report finds it.

    There the measures of every case are kept as well.
    """
    from kartograph.evaluation.record import keep_record, write_record

    if file is not None:
        write_record(file, content)
    try:
        keep_record(content, cases)
    except OSError as error:
        # The measuring is done and may have taken an hour: a full or locked home is no reason to lose it.
        errors.print(f"The record is not kept below the home folder: {error}", highlight=False)


def print_evaluation(evaluation: "Evaluation", k: int) -> None:
    """Print a row for each model, then why models are left out."""
    record = evaluation.record
    title = f"{record['name']}: {record['protocol']}"
    if "confusion" in record:
        _print_pairs(evaluation, title)
    elif "cold" in record:
        _print_cold(evaluation, k, title)
    elif evaluation.results.tasks:
        _print_figures(evaluation, k, title)
    else:
        frame = evaluation.figures.map(_rounded)
        _print_rows(evaluation, [{"model": name} | dict(row) for name, row in frame.iterrows()], title)
    print_left_out(evaluation)


def print_left_out(evaluation: "Evaluation") -> None:
    """Say why models failed or take no part."""
    for name, reason in evaluation.failed.items():
        errors.print(f"[bold red]{escape(name)} failed:[/] {escape(reason)}", highlight=False)
    for name, reason in evaluation.not_applicable.items():
        notes.print(f"{name}: n/a, {reason}", markup=False, highlight=False)


def _print_figures(evaluation: "Evaluation", k: int, title: str) -> None:
    """Models that share a letter do not differ in MRR."""
    record, tasks = evaluation.record, evaluation.results.tasks
    rows = []
    for name, figures in record["figures"].items():
        low, high = record["intervals"][name][f"MRR@{k}"]
        deviation = {"sd MRR": round(record["deviations"][name][f"MRR@{k}"], 4)} if "deviations" in record else {}
        rows.append(
            {"model": name}
            | {measure: round(figures[f"{measure}@{k}"], 4) for measure in ("HR", "MRR", "NDCG", "Recall")}
            | {"± MRR": round((high - low) / 2, 4)}
            | deviation
            | {
                "group": record["significance"][f"MRR@{k}"]["groups"][name],
                "unserved": figures["unserved"],
                "fit s": round(record["timings"][name]["fit_s"], 1),
            }
        )
    cases, items = sum(len(task.cases) for task in tasks), len(tasks[0].data.items)
    _print_rows(evaluation, rows, f"{title}: {cases} cases, {items} items, at {k}")


def _print_pairs(evaluation: "Evaluation", title: str) -> None:
    """The four figures and the AUC of each model, and the rankings where there are any."""
    names = ("accuracy", "precision", "recall", "F1", "AUC")
    rows = []
    for model, figures in evaluation.record["figures"].items():
        row = {"model": model} | {name: _rounded(figures.get(name)) for name in names}
        reported = evaluation.record.get("reported", {})
        row |= {f"reported {name}": reported.get(model, {}).get(name) for name in names[:4]} if reported else {}
        for kind, figures_of in evaluation.record["cold"].get(model, {}).items():
            ranked = {
                f"{name}, {kind}": round(value, 4) for name, value in figures_of.items() if name.startswith("HR@")
            }
            row |= ranked or {f"accuracy, {kind}": _rounded(figures_of["accuracy"])}
        rows.append(row)
    share = evaluation.record.get("positives")
    _print_rows(evaluation, rows, title if share is None else f"{title}, {share:.1%} of the pairs positive")


def _print_cold(evaluation: "Evaluation", k: int, title: str) -> None:
    """For each model and kind of cold start the share served and the hit rate."""
    cold = evaluation.record["cold"]
    rows = [
        {"model": model}
        | {kind: f"{figures_of['served']:.0%} / {figures_of[f'HR@{k}']:.4f}" for kind, figures_of in kinds.items()}
        for model, kinds in cold.items()
    ]
    counts = next(iter(cold.values()))
    cases = ", ".join(f"{figures_of['cases']} {kind}" for kind, figures_of in counts.items())
    _print_rows(evaluation, rows, f"{title}: served / HR@{k} ({cases})")


def _print_rows(evaluation: "Evaluation", rows: list[dict[str, Any]], title: str) -> None:
    """The rows, and one for each model that failed or takes no part: `failed` or `n/a` instead of figures."""
    import pandas as pd

    left_out = dict.fromkeys(evaluation.failed, "failed") | dict.fromkeys(evaluation.not_applicable, "n/a")
    if left_out:
        rows = [{name: _text(value) for name, value in row.items()} for row in rows]
        columns = [name for name in rows[0] if name != "model"]
        rows += [{"model": model} | dict.fromkeys(columns, word) for model, word in left_out.items()]
    frame = pd.DataFrame(rows)
    print_frame(frame.astype(object).where(frame.notna(), ""), title)


def _text(value: Any) -> str:
    return "" if value is None or value != value else f"{value:.4f}" if isinstance(value, float) else str(value)


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
