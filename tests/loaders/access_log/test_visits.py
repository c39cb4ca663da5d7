"""What of a log are visits by people, and how sessions are made; damaged logs."""

import gzip
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest

from kartograph.loaders.access_log.pages import page_table
from kartograph.loaders.access_log.source import AccessLogOptions, read
from kartograph.loaders.access_log.visits import Counts, VisitOptions, visits
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

FIREFOX, CHROME = "Mozilla/5.0 (X11) Firefox/44.0", "Mozilla/5.0 (X11) Chrome/48.0"
TABLE = page_table(pd.Series(["/a", "/b", "/c", "/c"]), pd.Series(["A", "B", "C", "D"]))


def line(minute: float, url: str, *, address="1.1.1.1", browser: str | None = FIREFOX, status=200, method="GET") -> str:
    hour, rest = divmod(int(minute * 60), 3600)
    at = f"20/Feb/2016:{hour:02}:{rest // 60:02}:{rest % 60:02} +0000"
    agent = "" if browser is None else f' "-" "{browser}"'
    return f'{address} - - [{at}] "{method} {url} HTTP/1.1" {status} 10{agent}\n'


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines))
    return path


def of(*files: Path, **options):
    counts = Counts()
    return list(visits(files, TABLE, counts, VisitOptions(**options))), counts


def test_only_pages_that_people_got_count(tmp_path):
    log = write(
        tmp_path / "log",
        line(0, "/a"),
        line(1, "/a", status=404),
        line(2, "/a", status=304),
        line(3, "/a", method="POST"),
        line(4, "/x.png"),
        line(5, "/a", browser="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        line(6, "/a", browser="-"),
        line(7, "/elsewhere"),
        line(8, "/c"),
        "rubbish\n",
        "\n",
    )
    found, counts = of(log)
    assert [visit.item for visit in found] == ["A"]
    assert (counts.lines, counts.visits, counts.other_pages, counts.several) == (10, 1, 1, 1)
    assert (counts.other_status, counts.other_method, counts.media, counts.spiders, counts.unparsable) == (
        2,
        1,
        1,
        2,
        1,
    )


def test_a_user_is_an_address_with_a_browser_and_rests_20_minutes_between_sessions(tmp_path):
    log = write(
        tmp_path / "log",
        line(0, "/a"),
        line(1, "/b", browser=CHROME),
        line(2, "/b", address="2.2.2.2"),
        line(19, "/elsewhere"),  # keeps the session alive
        line(38, "/b"),
        line(59, "/a"),
    )
    found, counts = of(log)
    assert len({visit.user for visit in found}) == len(counts.users) == 3
    mine = [visit for visit in found if visit.user == found[0].user]
    assert [visit.item for visit in mine] == ["A", "B", "A"]
    assert mine[0].session == mine[1].session != mine[2].session


def test_a_line_that_is_a_little_late_stays_in_its_session(tmp_path):
    found, _ = of(write(tmp_path / "log", line(1, "/a"), line(0.5, "/b"), line(2, "/a")))
    assert len({visit.session for visit in found}) == 1


def test_sessions_go_on_from_one_file_to_the_next(tmp_path):
    found, _ = of(write(tmp_path / "1", line(0, "/a")), write(tmp_path / "2", line(10, "/b")))
    assert len({visit.session for visit in found}) == 1


def test_a_common_log_has_users_that_are_addresses_alone_and_says_so(tmp_path):
    log = write(tmp_path / "log", line(0, "/a", browser=None), line(1, "/b", browser=None))
    source = read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))
    assert source.interactions.to_pyarrow().to_pandas()["user_id"].unique().tolist() == ["1.1.1.1"]
    assert any("addresses alone" in words for words in source.report.notes)


def test_unparsable_lines_are_counted_and_kept_and_the_rest_is_a_source(tmp_path):
    rejects = tmp_path / "rejects.csv"
    log = write(tmp_path / "access.log", line(0, "/a"), 'broken "line\n', line(1, "/b"), line(2, "/b", browser=CHROME))
    options = AccessLogOptions(table=TABLE, rejects=rejects, limit=RejectLimit(share=0.5))
    source = read(log, options)
    rows = source.interactions.to_pyarrow().to_pandas()
    assert rows["item_id"].tolist() == ["A", "B", "B"] and set(rows["event"]) == {"view"}
    assert rows["session_id"].nunique() == 2
    assert source.report.rejected == {"does not parse": 1} and source.report.rejects_file == rejects
    assert pd.read_csv(rejects).to_dict("records") == [{"file": "access.log", "line": 2, "text": 'broken "line'}]


def test_a_log_in_another_format_is_refused_with_the_share(tmp_path):
    log = write(tmp_path / "log", line(0, "/a"), "what\n", "is\n", "this\n")
    with pytest.raises(BadInput, match=r"3 of 4 lines do not parse \(75%\), 10% are borne"):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


def test_a_log_without_a_visit_of_a_known_page_says_what_it_has(tmp_path):
    log = write(tmp_path / "log", line(0, "/elsewhere"), line(1, "/x.png"))
    with pytest.raises(BadInput, match=r"no visit of a page that the table has; 1 requests of media files"):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


def test_a_log_without_a_table_is_refused(tmp_path):
    with pytest.raises(BadInput, match="--mapping"):
        read(write(tmp_path / "log", line(0, "/a")))


DAMAGED = {
    "truncated gzip": gzip.compress((line(0, "/a") * 1000).encode())[:-20],
    "gzip with a broken middle": (g := gzip.compress((line(0, "/a") + "x" * 5000).encode(), 0))[:3000]
    + b"!"
    + g[3001:],
    "gzip's first bytes alone": b"\x1f\x8b",
    "UTF-16": line(0, "/a").encode("utf-16"),
    "no bytes": b"",
    "zeros": b"\x00" * 200_000,
    "one gigantic line": b"a" * 8_000_000,
    "a gigantic line between good ones": line(0, "/a").encode() + b"b" * 3_000_000 + b"\n" + line(1, "/b").encode(),
    "Latin-1": line(0, "/a", browser="Mozilla/5.0 caf\xe9 Firefox").encode("latin-1"),
    "no line end": line(0, "/a").encode().rstrip(b"\n"),
    "carriage returns": line(0, "/a").encode().replace(b"\n", b"\r\n"),
    "path traversal": line(0, "/../../../../etc/passwd").encode() + line(1, "/a/%2e%2e/%2e%2e/secret").encode(),
    "a break-in attempt": line(0, "/a?x=${jndi:ldap://x}").encode() + b'1.1.1.1 - - [x] "\\x16\\x03" 400 0\n',
    "quotes without end": b'1.1.1.1 - - [20/Feb/2016:00:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "' + b"\\" * 60_000,
    "a bomb": gzip.compress(b"0" * 50_000_000),
    "only line ends": b"\n" * 1_000_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_logs_end_without_an_exception_in_bounded_memory(tmp_path, name):
    log = tmp_path / "access.log"
    log.write_bytes(DAMAGED[name])
    tracemalloc.start()
    found, counts = of(log)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20
    assert len(found) == counts.visits <= counts.lines


def test_what_comes_before_the_damage_is_read_and_long_lines_are_counted(tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(DAMAGED["truncated gzip"])
    found, counts = of(log)
    assert found and len(counts.damage.broken) == 1
    log.write_bytes(DAMAGED["a gigantic line between good ones"])
    found, counts = of(log)
    assert [visit.item for visit in found] == ["A", "B"] and counts.damage.too_long == 1


def test_the_real_log_has_visits_of_its_posts_by_people(real_data):
    log = real_data / "access_log" / "access.log.gz"
    table = page_table(pd.Series(["/2015/03/19/apache-spark-quick-guide/"]), pd.Series(["spark"]))
    counts = Counts()
    found = sum(1 for _ in visits([log], table, counts, VisitOptions()))
    assert counts.lines == 165_263 and counts.unparsable == 0
    assert 13_000 < found + counts.other_pages < 14_000
    assert found > 100
