"""What is shown, clicked and bought is counted once, by the rules of `exposures.counting`."""

import sqlite3
import time
from collections import Counter

import pytest

from kartograph.serving.events.log import EventLog, LoggedEvent
from kartograph.serving.experiments import unit_of
from kartograph.serving.exposures.answers import Assignment, answer_id, read_answer
from kartograph.serving.exposures.counting import Counting

NOW = time.time_ns() // 1_000_000
HOUR = 3_600_000
HOME = answer_id("walk-1", "home")
BASKET = answer_id("stan-2", "basket")


class Log:
    """A log and what counts it."""

    def __init__(self, folder) -> None:
        self.path = folder / "events.sqlite"
        self.log, self.counting, self.sent = EventLog(self.path), Counting(self.path), 0

    def send(self, *events: tuple) -> None:
        """Events as (kind, item, answer or None, hours from now, user, session)."""
        batch = []
        for kind, item, answer, hours, *who in events:
            user, session = (*who, None, None)[:2]
            self.sent += 1
            batch.append(LoggedEvent(f"e{self.sent}", user, session, item, kind, NOW + int(hours * HOUR), answer))
        self.log.append([batch])

    def count(self, most: int = 1000, categories: dict | None = None) -> dict[tuple, tuple]:
        """Count all there is; (version, place, category) to (shown, clicked, bought) over all batches."""
        while True:
            before, last, _ = self.counting.next_items(most)
            if last == before:
                break
            self.counting.count(before, last, categories or {})
        result: dict[tuple, Counter] = {}
        for batch in self.counting.after(0):
            for row in batch.exposures:
                key = row["version"], row["place"], row["category"]
                result.setdefault(key, Counter()).update({name: row[name] for name in ("shown", "clicked", "bought")})
        return {key: (one["shown"], one["clicked"], one["bought"]) for key, one in result.items()}


@pytest.fixture
def shop(tmp_path) -> Log:
    return Log(tmp_path)


def test_a_showing_counts_once_however_often_it_is_told(shop) -> None:
    shop.send(
        ("impression", "a", HOME, 0, "u"),
        ("impression", "a", HOME, 0.1, "u"),
        ("impression", "b", HOME, 0, "u"),
        ("click", "a", HOME, 0.2, "u"),
        ("view", "a", HOME, 0.3, "u"),
        ("impression", "a", BASKET, 0, "u"),
    )
    expected = {
        ("walk-1", "home", "x"): (1, 1, 0),
        ("walk-1", "home", None): (1, 0, 0),
        ("stan-2", "basket", "x"): (1, 0, 0),
    }
    assert shop.count(categories={"a": "x"}) == expected
    assert shop.count() == expected, "nothing is counted again"
    shop.send(("impression", "a", HOME, 0.4, "u"), ("click", "a", HOME, 0.4, "u"))
    assert shop.count() == expected


def test_a_click_without_an_impression_was_shown_as_well(shop) -> None:
    shop.send(("click", "a", HOME, 0, None, "s"))
    assert shop.count() == {("walk-1", "home", None): (1, 1, 0)}


def test_a_purchase_belongs_to_the_answer_that_it_names(shop) -> None:
    shop.send(("impression", "a", HOME, 0, "u"), ("click", "a", HOME, 0, "u"), ("impression", "a", BASKET, 0, "u"))
    shop.send(("buy", "a", BASKET, 1, "u"))
    assert shop.count() == {("walk-1", "home", None): (1, 1, 0), ("stan-2", "basket", None): (1, 1, 1)}


@pytest.mark.parametrize("most", [1000, 1])
def test_a_purchase_that_names_none_belongs_to_the_latest_clicked_showing_else_the_latest_shown(shop, most) -> None:
    shop.send(
        ("impression", "a", HOME, 0, "u"),
        ("click", "a", HOME, 0.1, "u"),
        ("impression", "a", BASKET, 0.5, "u"),
        ("buy", "a", None, 1, "u"),
        ("buy", "a", None, 1.1, "u"),  # the same showing, bought already
        ("impression", "b", HOME, 0, "v"),
        ("impression", "b", BASKET, 0.5, "v"),
        ("buy", "b", None, 1, "v"),
        ("buy", "c", None, 1, "v"),
        ("impression", "c", HOME, 0, "w"),  # of somebody else
    )
    assert shop.count(most) == {("walk-1", "home", None): (3, 1, 1), ("stan-2", "basket", None): (2, 0, 1)}


@pytest.mark.parametrize(("hours", "bought"), [(23.9, 1), (24.1, 0), (-0.05, 1), (-1, 0)])
def test_a_purchase_counts_within_a_day_of_what_was_seen(shop, hours: float, bought: int) -> None:
    shop.send(("impression", "a", HOME, 0, "u"), ("buy", "a", None, hours, "u"))
    assert shop.count() == {("walk-1", "home", None): (1, 0, bought)}


def test_who_logs_in_buys_what_the_session_was_shown(shop) -> None:
    shop.send(("impression", "a", HOME, 0, None, "s"), ("view", "b", None, 0.1, "u", "s"), ("buy", "a", None, 1, "u"))
    assert shop.count() == {("walk-1", "home", None): (1, 0, 1)}
    shop.send(("impression", "c", HOME, 0, "u"), ("buy", "c", None, 1, None, "s"))
    assert shop.count() == {("walk-1", "home", None): (2, 0, 2)}


def test_an_answer_that_is_not_ours_is_of_an_unknown_version_and_an_old_one_counts_no_more(shop) -> None:
    old = HOME[: HOME.rindex("~") + 1] + f"{NOW // 1000 - 7 * 86_400:08x}" + "0123456789"
    shop.send(("impression", "a", "my own list", 0, "u"), ("impression", "a", old, 0, "u"), ("click", "a", old, 0, "u"))
    assert shop.count() == {("unknown", "unnamed", None): (1, 0, 0)}


def test_units_of_an_experiment_are_counted_once_each(shop) -> None:
    first, second, other = (
        answer_id(version, "home", Assignment("spring", arm, unit))
        for version, arm, unit in (("walk-1", "walk", "0a"), ("walk-1", "walk", "0a"), ("stan-1", "stan", "0b"))
    )
    shop.send(*(("impression", item, answer, 0, "u") for item in "ab" for answer in (first, second)))
    shop.count()
    shop.send(("click", "a", first, 0.1, "u"), ("click", "b", second, 0.1, "u"), ("impression", "a", other, 0, "v"))
    shop.send(("buy", "a", None, 0.1, "v"), ("buy", "b", None, 1, "u"))
    shop.count()
    arms: dict[str, Counter] = {}
    for batch in shop.counting.after(0):
        for row in batch.arms:
            counts = {name: row[name] for name in ("users", "clickers", "buyers")}
            arms.setdefault(f"{row['experiment']} {row['arm']}", Counter()).update(counts)
    assert arms == {
        "spring walk": Counter(users=1, clickers=1, buyers=1),
        "spring stan": Counter(users=1, clickers=0, buyers=1),
    }


def test_the_id_of_an_answer_tells_who_made_it_and_when() -> None:
    arm = Assignment("spring-2", "walk", "0123456789ab")
    before = int(time.time()) * 1000
    told = read_answer(answer_id("walk-2020", "home_page", arm))
    assert told is not None
    assert (told.version, told.place, told.assignment) == ("walk-2020", "home_page", arm)
    assert before <= (told.made or 0) <= time.time_ns() // 1_000_000
    assert read_answer("anything") is None
    assert read_answer(answer_id(None, "user")).version == "fallback"  # pyright: ignore[reportOptionalMemberAccess]


def test_an_erased_user_is_in_no_experiment(shop) -> None:
    units = {
        name: unit_of("spring", *who) for name, who in (("u", ("u", None)), ("s", (None, "s")), ("v", ("v", None)))
    }
    answers = {name: answer_id("walk-1", "home", Assignment("spring", "walk", unit)) for name, unit in units.items()}
    shop.send(
        ("impression", "a", answers["u"], 0, "u", "s"),
        ("impression", "a", answers["s"], 0, None, "s"),
        ("impression", "a", answers["v"], 0, "v"),
    )
    shop.count()
    shop.log.erase("u")
    with sqlite3.connect(shop.path) as database:
        assert database.execute("SELECT unit FROM units").fetchall() == [(units["v"],)]
    database.close()


def test_an_erased_user_is_in_no_showing(shop, tmp_path) -> None:
    shop.send(("impression", "a", HOME, 0, "user-x", "session-x"), ("impression", "a", BASKET, 0, None, "session-x"))
    assert len(shop.count()) == 2
    shop.log.erase("user-x")
    shop.counting.close()
    shop.log.close()
    assert not any(b"user-x" in file.read_bytes() or b"session-x" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_log_of_before_is_counted_too(tmp_path) -> None:
    with sqlite3.connect(tmp_path / "events.sqlite") as database:
        database.execute(
            "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, user_id TEXT, "
            "session_id TEXT, item_id TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, "
            "recommendation_id TEXT, received INTEGER NOT NULL, flushed INTEGER)"
        )
        database.execute(
            "INSERT INTO events VALUES (1, 'e', 'u', NULL, 'a', 'impression', ?, 'walk-1~0123456789abcdef01', ?, -1)",
            (NOW, NOW),
        )
    database.close()
    shop = Log(tmp_path)
    assert shop.log.waiting() == 1
    assert shop.count() == {("walk-1", "unnamed", None): (1, 0, 0)}
    assert shop.log.waiting() == 1
    shop.counting.mark_flushed(1)
    assert shop.log.waiting() == 0
