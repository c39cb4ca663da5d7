"""A generated electronics shop of five months in REES46's layout, with the counts of the file that MCPRHRec names.

    python -m kartograph.loaders.sample_electronics FOLDER --scale 0.02 --seed 7

writes `events.csv`: at scale 1.0 793,748 views, 54,035 carts and 37,346 purchases, as the paper's file has them. Users
keep to a few categories, most carts and purchases follow a view of the same item at once, and some purchases bring the
same user back one to five weeks later for the item that goes with what was bought: patterns of weeks and months that a
file of three hours cannot hold. The same seed and scale give the same bytes.

Source of the counts: kaggle.com/mkechinov/ecommerce-events-history-in-electronics-store, as the paper cites it.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv
import typer

from kartograph.tables.errors import BadInput

VIEWS, CARTS, PURCHASES = 793_748, 54_035, 37_346
USERS, ITEMS, CATEGORIES = 400_000, 50_000, 600
FIRST = pd.Timestamp("2020-09-24", tz="UTC").value // 10**9
DAYS = 157
"""Up to the end of February 2021."""
RETURNING = 0.4
"""Of the purchases: by users who come back for what goes with an earlier one."""
LATEST_RETURN = 36
"""Days after which nobody comes back any more."""
MOST_ACTIVE = 100
"""How active a user may be; half of the users are below 0.8."""
SMALLEST_SCALE = 0.001
COLUMNS = (
    *("event_time", "event_type", "product_id", "category_id", "category_code", "brand"),
    *("price", "user_id", "user_session"),
)


def counts(scale: float) -> dict[str, int]:
    """Views, carts and purchases at a scale. Raises `BadInput` for one below 0.001."""
    if not scale >= SMALLEST_SCALE:
        raise BadInput(f"scale is {scale}; a shop needs a scale of {SMALLEST_SCALE} or more, 1.0 is the full size.")
    return {"view": round(VIEWS * scale), "cart": round(CARTS * scale), "purchase": round(PURCHASES * scale)}


def events(scale: float = 0.02, seed: int = 7) -> pd.DataFrame:
    """The events in order of time, with REES46's columns."""
    size, random = counts(scale), np.random.default_rng(seed)
    items, users = max(round(ITEMS * scale), 40), max(round(USERS * scale), 20)
    categories = max(round(CATEGORIES * scale**0.5), 8)
    of_item = np.sort(random.integers(0, categories, items))
    of_item[:categories] = np.arange(categories)
    appeal = random.pareto(1.2, items) + 0.05
    order = np.lexsort((-appeal, of_item))  # the items of a category, the most wanted first
    begins = np.searchsorted(of_item[order], np.arange(categories + 1))
    companion = order[begins[:-1]][random.permutation(categories)][of_item]

    returning = round(RETURNING * size["purchase"])
    buying = size["purchase"] - returning
    views = size["view"] - returning
    activity = np.minimum(random.pareto(1.5, users) + 0.2, MOST_ACTIVE)
    taste = random.integers(0, categories, (users, 2))
    user = random.choice(users, views, p=activity / activity.sum())
    # A user's session is a day's visit; events within lie minutes apart.
    visit = random.integers(0, 1 + np.minimum(views // users, 20), views)
    start = FIRST + _of(user, visit, DAYS * 86_400 - 7_200)
    at = start + random.integers(0, 3_000, views)
    chosen = taste[user, random.integers(0, 2, views)]
    width = begins[chosen + 1] - begins[chosen]
    near = order[begins[chosen] + (width * random.random(views) ** 2.5).astype(np.int64)]
    item = np.where(random.random(views) < 0.85, near, random.choice(items, views, p=appeal / appeal.sum()))
    # No event comes twice: what a user views again in a second is viewed in the next.
    at = at + pd.DataFrame({"user": user, "item": item, "at": at}).groupby(["user", "item", "at"]).cumcount().to_numpy()
    # Buyers are few, and buy again: who is active carts more often.
    weight = activity[user] ** 1.5
    carting = random.choice(views, size["cart"] - returning, replace=False, p=weight / weight.sum())
    bought = carting[:buying]
    early = bought[at[bought] < FIRST + (DAYS - LATEST_RETURN) * 86_400]
    back = random.choice(early, returning, replace=len(early) < returning)
    later = at[back] + random.integers(7, LATEST_RETURN, returning) * 86_400
    then = companion[item[back]]

    def rows(
        event: str, users_: np.ndarray, items_: np.ndarray, times: np.ndarray, session: np.ndarray
    ) -> pd.DataFrame:
        return pd.DataFrame({"event_type": event, "user": users_, "item": items_, "at": times, "session": session})

    base, again = user * 1_000 + visit, user[back] * 1_000 + 500 + np.arange(returning) % 400
    table = pd.concat(
        [
            rows("view", user, item, at, base),
            rows("cart", user[carting], item[carting], at[carting] + 60, base[carting]),
            rows("purchase", user[bought], item[bought], at[bought] + 180, base[bought]),
            rows("view", user[back], then, later, again),
            rows("cart", user[back], then, later + 60, again),
            rows("purchase", user[back], then, later + 180, again),
        ],
        ignore_index=True,
    ).sort_values(["at", "user", "item", "event_type"], ignore_index=True)
    price = np.round(random.lognormal(3.5, 1.1, items), 2)
    group = of_item[table["item"]]
    codes = np.array([f"electronics.group{one % 12}.kind{one}" for one in range(categories)], dtype=object)
    return pd.DataFrame(
        {
            "event_time": pd.to_datetime(table["at"], unit="s").dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "event_type": table["event_type"],
            "product_id": 100_000 + table["item"],
            "category_id": 2_144_415_922_528_452_715 + group,
            "category_code": codes[group],
            "brand": "brand" + (table["item"] % 97).astype(str),
            "price": price[table["item"]],
            "user_id": 1_515_915_625_000_000_000 + table["user"],
            "user_session": "s" + table["session"].astype(str),
        }
    )


def _of(user: np.ndarray, visit: np.ndarray, span: int) -> np.ndarray:
    """A second for each visit of a user, the same whenever it is asked for (a multiplicative hash)."""
    mixed = (user.astype(np.uint64) * np.uint64(64) + visit.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(20)) % np.uint64(span)).astype(np.int64)


def generate(folder: Path, scale: float = 0.02, seed: int = 7) -> Path:
    """Write `events.csv` into a folder and return its path. Raises `BadInput` where the folder cannot be written."""
    table = pa.Table.from_pandas(events(scale, seed)[list(COLUMNS)], preserve_index=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        csv.write_csv(table, folder / "events.csv", csv.WriteOptions(quoting_style="needed"))
    except OSError as error:
        raise BadInput(f"The shop cannot be written into {folder}: {error}. Name a folder with room.") from error
    return folder / "events.csv"


def main(
    folder: Annotated[Path, typer.Argument(help="Where events.csv goes.")],
    scale: Annotated[float, typer.Option(help="1.0 has the paper's 885,129 events.")] = 0.02,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
) -> None:
    """Generate a shop. Example: python -m kartograph.loaders.sample_electronics electronics --scale 1"""
    file = generate(folder, scale, seed)
    typer.echo(f"{file}: " + ", ".join(f"{number:,} {event}s" for event, number in counts(scale).items()))


if __name__ == "__main__":
    typer.run(main)
