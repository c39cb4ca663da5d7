"""A generated shop in two deliveries: what came late comes with the second, and some of the first comes again."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from kartograph.loaders.sample import generate

FILES = ("events.csv", "item_properties_part1.csv", "item_properties_part2.csv")


def two_days(folder: Path, scale: float = 0.0004, seed: int = 7) -> tuple[Path, Path, Path]:
    """Write the whole shop and its two deliveries; returns the three folders."""
    whole, first, second = folder / "whole", folder / "first", folder / "second"
    generate(whole, scale, seed)
    rng = np.random.default_rng(seed)
    for day in (first, second):
        day.mkdir()
        shutil.copy(whole / "category_tree.csv", day)
    for name in FILES:
        rows = pd.read_csv(whole / name, dtype=str, keep_default_na=False)
        time = rows["timestamp"].astype("int64")
        early = time < time.quantile(0.6)
        late, again = early & (rng.random(len(rows)) < 0.1), early & (rng.random(len(rows)) < 0.1)
        rows[early & ~late].to_csv(first / name, index=False)
        rows[~early | late | again].sample(frac=1, random_state=seed).to_csv(second / name, index=False)
    return whole, first, second
