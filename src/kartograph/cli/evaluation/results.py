"""How commands that measure print a table of figures and where they put the record."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.cli.console import print_frame
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd


def refuse_unwritable(*files: Path | None) -> None:
    """Refuse files in folders that do not exist, before anything is measured."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise BadInput(f"{file} cannot be written: {file.absolute().parent} is no folder. Make it or name another.")


def save_record(content: dict[str, Any], file: Path | None, cases: "pd.DataFrame | None" = None) -> None:
    """Write the record to the file, where one is named, and below the home folder, where the report finds it.

    There the measures of every case are kept as well.
    """
    from kartograph.cli.app import errors
    from kartograph.evaluation.record import keep_record, write_record

    if file is not None:
        write_record(file, content)
    try:
        keep_record(content, cases)
    except OSError as error:
        # The measuring is done and may have taken an hour: a full or locked home is no reason to lose it.
        errors.print(f"The record is not kept below the home folder: {error}", highlight=False)


def print_figures(judged: dict[str, Any], k: int, title: str) -> None:
    """Print a row for each model; models that share a letter do not differ in MRR."""
    import pandas as pd

    rows = []
    for name, figures in judged["figures"].items():
        low, high = judged["intervals"][name][f"MRR@{k}"]
        rows.append(
            {"model": name}
            | {measure: round(figures[f"{measure}@{k}"], 4) for measure in ("HR", "MRR", "NDCG", "Recall")}
            | {
                "± MRR": round((high - low) / 2, 4),
                "group": judged["significance"][f"MRR@{k}"]["groups"][name],
                "unserved": figures["unserved"],
                "fit s": round(judged["timings"][name]["fit_s"], 1),
            }
        )
    print_frame(pd.DataFrame(rows), f"{title}, at {k}")


def print_pairs(judged: dict[str, Any], k: int, title: str) -> None:
    """Print the four figures and the AUC of each model, and the rankings where there are any."""
    import pandas as pd

    names = ("accuracy", "precision", "recall", "F1", "AUC")
    rows = []
    for model, figures in judged["figures"].items():
        row = {"model": model} | {name: _rounded(figures.get(name)) for name in names}
        for kind, found in judged["cold"].get(model, {}).items():
            ranked = {f"{name}, {kind}": round(value, 4) for name, value in found.items() if name.startswith("HR@")}
            row |= ranked or {f"accuracy, {kind}": _rounded(found["accuracy"])}
        rows.append(row)
    print_frame(pd.DataFrame(rows), title)


def print_cold(judged: dict[str, Any], k: int, title: str) -> None:
    """Print for each model and kind of cold start the share served and the hit rate."""
    import pandas as pd

    rows = [
        {"model": model} | {kind: f"{found['served']:.0%} / {found[f'HR@{k}']:.4f}" for kind, found in kinds.items()}
        for model, kinds in judged["cold"].items()
    ]
    counts = next(iter(judged["cold"].values()))
    cases = ", ".join(f"{found['cases']} {kind}" for kind, found in counts.items())
    print_frame(pd.DataFrame(rows), f"{title}: served / HR@{k} ({cases})")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
