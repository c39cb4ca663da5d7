"""How often a run is begun."""

from datetime import timedelta

import pytest

from kartograph.pipeline.schedule import interval, run_every
from kartograph.tables.errors import BadInput


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("1d", timedelta(days=1)),
        ("2 w", timedelta(weeks=2)),
    ],
)
def test_a_number_and_a_unit(text, pause):
    assert interval(text) == pause


@pytest.mark.parametrize("text", ["", "0h", "24", "h", "-1h", "1.5h", "1y", "9999999h"])
def test_anything_else_is_refused_with_what_is_allowed(text):
    with pytest.raises(BadInput, match="as 90m, 24h or 1d"):
        interval(text)


def test_a_failed_night_is_followed_by_the_next_and_a_signal_ends_all(capsys):
    nights = []

    def work() -> None:
        nights.append(len(nights))
        if len(nights) == 1:
            raise BadInput("a bad night")
        raise SystemExit(143)

    with pytest.raises(SystemExit) as ended:
        run_every(timedelta(milliseconds=20), work)
    assert ended.value.code == 143
    assert nights == [0, 1]
    assert "error: a bad night" in capsys.readouterr().err
