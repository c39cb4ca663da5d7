"""What of a log are visits by people, and how sessions are made; damaged logs."""

import bz2
import gzip
import io
import lzma
import tracemalloc
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
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
    result, counts = of(log)
    assert [visit.item for visit in result] == ["A", None, None]
    assert (counts.lines, counts.visits, counts.other_pages, counts.several) == (10, 1, 1, 1)
    assert (counts.other_status, counts.other_method, counts.media, counts.spiders, counts.unparsable) == (
        2,
        1,
        1,
        2,
        1,
    )


def sessions_of(path: Path, tmp_path: Path, **options) -> set[tuple[str, ...]]:
    """The sessions of a log: each as its items in the order of time."""
    rows = read(path, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv", **options)).interactions
    frame = rows.to_pyarrow().to_pandas().sort_values("timestamp")
    return {tuple(items) for _, items in frame.groupby("session_id")["item_id"]}


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
    result, counts = of(log)
    assert len({visit.user for visit in result}) == len(counts.users) == 3
    assert sessions_of(log, tmp_path) == {("A", "B"), ("A",), ("B",)}
    assert sessions_of(log, tmp_path, session_gap=21) == {("A", "B", "A"), ("B",)}


def test_a_line_that_is_late_stays_in_its_session(tmp_path):
    log = write(tmp_path / "log", line(1, "/a"), line(0.5, "/b"), line(2, "/a"))
    assert sessions_of(log, tmp_path) == {("B", "A", "A")}


@pytest.mark.parametrize("names", [("access.log.1", "access.log"), ("a.log", "b.log"), ("b.log", "a.log")])
def test_the_files_of_a_log_are_one_log_whatever_they_are_called(tmp_path, names):
    (folder := tmp_path / "logs").mkdir()
    write(folder / names[0], line(0, "/b"), line(600, "/a"), line(605, "/b"))
    write(folder / names[1], line(615, "/a"), line(620, "/b"))
    (folder / f"{names[1]}.2.gz").write_bytes(gzip.compress(line(610, "/c").encode()))
    (folder / ".hidden").write_bytes(b"junk")
    assert sessions_of(folder, tmp_path) == {("B",), ("A", "B", "A", "B")}


def test_files_of_several_servers_that_run_at_once_are_one_log(tmp_path):
    (folder := tmp_path / "logs").mkdir()
    write(folder / "1.log", line(0, "/a"), line(30, "/b"))
    write(folder / "2.log", line(15, "/b"), line(45, "/a"))
    assert sessions_of(folder, tmp_path) == {("A", "B", "B", "A")}


def test_files_of_a_folder_that_are_no_access_logs_are_named_and_left_out(tmp_path):
    (folder := tmp_path / "logs").mkdir()
    write(folder / "access.log", line(0, "/a"))
    write(folder / "error.log", "[error] what\n", "[error] happens\n")
    options = AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv")
    assert read(folder, options).report.notes["lines of error.log, of which none parses"] == 2
    with pytest.raises(BadInput, match=r"2 of 3 lines do not parse .* No line parses of error\.log"):
        read(folder / "*.log", options)
    (folder / "access.log").unlink()
    with pytest.raises(BadInput, match=r"2 of 2 lines do not parse"):
        read(folder, options)
    (folder / "error.log").unlink()
    with pytest.raises(BadInput, match=r"holds no file"):
        read(folder, options)


def test_a_client_behind_a_proxy_is_a_visitor_of_its_own_where_that_is_asked_for(tmp_path):
    rows = [f'{line(0, "/a").rstrip()} "{address}"\n' for address in ("10.1.1.1", "10.1.1.2, 10.9.9.9", "-")]
    log = write(tmp_path / "log", *rows)
    options = {"table": TABLE, "rejects": tmp_path / "rejects.csv"}
    source = read(log, AccessLogOptions(**options))
    assert source.report.notes["visitors"] == 1
    note = next(count for words, count in source.report.notes.items() if "--client forwarded" in words)
    assert note == 2
    source = read(log, AccessLogOptions(**options, client="forwarded"))
    assert source.report.notes["visitors"] == 3
    assert not any("--client forwarded" in words for words in source.report.notes)
    with pytest.raises(BadInput, match=r"no line of the log \(1 in all\) has a client that a proxy passed on"):
        read(write(log, line(0, "/a")), AccessLogOptions(**options, client="forwarded"))


def test_a_log_in_a_format_that_is_said_is_read_by_it(tmp_path):
    log = write(tmp_path / "log", "200|/a|1455944446|10.0.0.1|Firefox\n", "404|/b|1455944446|10.0.0.1|Firefox\n")
    options = {"table": TABLE, "rejects": tmp_path / "rejects.csv"}
    source = read(log, AccessLogOptions(**options, format="%s|%U|%{sec}t|%h|%{User-Agent}i"))
    assert source.interactions.to_pyarrow().to_pandas()["timestamp"].tolist() == [1455944446_000]
    with pytest.raises(BadInput, match=r"2 of 2 lines do not parse .* Say how they are written with --format"):
        read(log, AccessLogOptions(**options))
    with pytest.raises(
        BadInput, match=r"2 of 2 lines .* They are not written as --format '%h %t %U %>s' says: correct"
    ):
        read(log, AccessLogOptions(**options, format="%h %t %U %>s"))


@pytest.mark.parametrize("gap", [float("nan"), float("inf"), -float("inf"), 0, -5, 1e9])
def test_a_gap_that_is_no_length_of_rest_is_refused(gap):
    with pytest.raises(BadInput, match=r"the gap that ends a session is .* minutes; give a number above 0 and up to"):
        AccessLogOptions(table=TABLE, session_gap=gap)


def test_a_client_that_there_is_not_is_refused():
    with pytest.raises(BadInput, match="the client is 'nobody'; allowed are address and forwarded"):
        AccessLogOptions(table=TABLE, client="nobody")


def test_fields_of_a_log_that_say_too_little_are_refused_with_their_place(tmp_path):
    log = write(tmp_path / "iis.log", "#Version: 1.0\n", "#Fields: date time\n")
    with pytest.raises(BadInput, match=r"iis\.log line 2: the log has the fields date time; it lacks cs-uri-stem"):
        of(log)


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


def test_lines_of_a_time_that_cannot_be_are_counted_and_kept(tmp_path):
    good = [line(minute, "/a") for minute in range(40)]
    bad = [line(0, "/a").replace("/2016:", f"/{year}:") for year in (1970, 2970)]
    source = read(
        write(tmp_path / "a.log", *good, *bad), AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv")
    )
    assert source.report.reads["lines"].rejected == {"time before 1995-01-01 or after tomorrow": 2}
    assert [row[1] for row in pd.read_csv(tmp_path / "rejects.csv").itertuples(index=False)] == [41, 42]
    with pytest.raises(BadInput, match=r"2 of 2 lines do not parse .* 2 of them have a time before 1995-01-01"):
        read(write(tmp_path / "b.log", *bad), AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


@pytest.mark.parametrize(("client", "told"), [("10.0.0.1", True), ("unix:", True), ("-", True), ("81.2.69.1", False)])
def test_a_client_that_seems_to_be_a_proxy_is_told(tmp_path, client, told):
    many = [line(minute, "/a", address=client) for minute in range(20)]
    log = write(tmp_path / "a.log", *many, *[line(1, "/b", address=f"81.2.69.{n}") for n in range(2, 20)])
    remarks = read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv")).report.remarks
    assert [words.startswith(f"visits from {client!r}, no address") for words in remarks] == [True] * told


def test_both_ways_of_writing_an_address_are_one_visitor(tmp_path):
    log = write(tmp_path / "a.log", line(0, "/a", address="::ffff:1.1.1.1"), line(1, "/b", address="1.1.1.1"))
    assert {visit.user for visit in of(log)[0]} == {visit.user for visit in of(log)[0][:1]}


def test_a_log_in_another_format_is_refused_with_the_share(tmp_path):
    log = write(tmp_path / "log", line(0, "/a"), "what\n", "is\n", "this\n")
    with pytest.raises(BadInput, match=r"3 of 4 lines do not parse \(75%\), allowed: 10%"):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


def test_a_log_without_a_visit_of_a_known_page_says_what_it_has(tmp_path):
    log = write(tmp_path / "log", line(0, "/elsewhere"), line(1, "/x.png"))
    with pytest.raises(
        BadInput, match=r"2 lines and no visit of a page that the table has; requests of media files: 1"
    ):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


def test_a_log_of_which_nothing_parses_asks_for_its_format_whatever_may_be_rejected(tmp_path):
    log = write(tmp_path / "log", "HIT|200|1704465000123|/a\n")
    with pytest.raises(BadInput, match=r"has no visit: 1 of 1 lines do not parse \(100%\)\. .* --format"):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv", limit=RejectLimit(share=1.0)))


def test_a_log_without_a_table_is_refused(tmp_path):
    with pytest.raises(BadInput, match="--mapping"):
        read(write(tmp_path / "log", line(0, "/a")))


DAMAGED = {
    "truncated gzip": gzip.compress((line(0, "/a") * 1000).encode())[:-20],
    "gzip with a broken middle": (g := gzip.compress((line(0, "/a") + "x" * 5000).encode(), 0))[:3000]
    + b"!"
    + g[3001:],
    "gzip's first bytes alone": b"\x1f\x8b",
    "UTF-16 cut off": line(0, "/a").encode("utf-16")[:-3],
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
    result, counts = of(log)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20
    assert len(result) == counts.visits + counts.other_pages <= counts.lines


def test_what_comes_before_the_damage_is_read_and_long_lines_are_counted(tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(DAMAGED["truncated gzip"])
    result, counts = of(log)
    assert result and len(counts.damage.broken) == 1
    log.write_bytes(DAMAGED["a gigantic line between good ones"])
    result, counts = of(log)
    assert [visit.item for visit in result] == ["A", "B"] and counts.damage.too_long == 1


def test_damage_is_told_with_its_place(tmp_path):
    log = tmp_path / "access.log.gz"
    whole = gzip.compress((line(0, "/a") * 3).encode(), 0)
    log.write_bytes(whole[:-20])
    source = read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv", limit=RejectLimit(share=1)))
    words = [words for words in source.report.notes if "is damaged" in words]
    at = f"at byte {len(whole) - 20:,}, after line 2"
    assert words == [f"packed file that is damaged, read up to there: access.log.gz: it ends too early, {at}"]
    log.write_bytes(whole[:12] + b"!" * 40)
    with pytest.raises(BadInput, match=r"no visit of a page .* read up to there: access\.log\.gz: .* after line 0"):
        read(log, AccessLogOptions(table=TABLE, rejects=tmp_path / "rejects.csv"))


def zipped(content: bytes) -> bytes:
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        archive.writestr("logs/access.log", content)
        archive.writestr("__MACOSX/logs/._access.log", b"\x00\x05")
    return target.getvalue()


def zstandard(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


@pytest.mark.parametrize(("pack", "cut"), [(zipped, 60), (zstandard, 20)])
def test_logs_in_zip_and_zstandard_are_read_and_damage_is_told(tmp_path, pack, cut):
    (log := tmp_path / "access.log").write_bytes(packed := pack((line(0, "/a") + line(1, "/b")).encode()))
    result, counts = of(log)
    assert [visit.item for visit in result] == ["A", "B"] and not counts.damage.broken
    log.write_bytes(packed[:-cut])
    try:
        assert of(log)[1].damage.broken
    except BadInput as error:
        assert "access.log cannot be unpacked (zip)" in str(error)


@pytest.mark.parametrize("request_line", ["-", "", r"\x16\x03\x01", "GET", "- http://x:80- -"])
def test_what_was_no_request_and_failed_is_no_line_that_does_not_parse(tmp_path, request_line):
    log = tmp_path / "access.log"
    log.write_text(line(0, "/a") + line(1, "/b").replace("GET /b HTTP/1.1", request_line).replace('" 200 ', '" 400 '))
    result, counts = of(log)
    assert ([visit.item for visit in result], counts.unparsable, counts.other_status) == (["A"], 0, 1)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_logs_are_read_however_they_are_packed_and_encoded(tmp_path, pack):
    log = tmp_path / "access.log"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be"):
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        raw = mark + (line(0, "/a") + line(1, "/b")).encode(encoding)
        for content in (raw, pack(raw), pack(raw[:30]) + pack(raw[30:])):
            log.write_bytes(content)
            result, counts = of(log)
            assert [visit.item for visit in result] == ["A", "B"] and not counts.damage.broken, (encoding, content[:9])


@pytest.mark.parametrize("content", [b"7z\xbc\xaf\x27\x1c", b"\x04\x22\x4d\x18"])
def test_a_packing_that_is_not_read_is_named(tmp_path, content):
    (log := tmp_path / "access.log.7z").write_bytes(content + b"x" * 100)
    with pytest.raises(BadInput, match=r"access\.log\.7z is packed as (7z|lz4), which is not read\. Unpack it"):
        of(log)


def test_the_real_log_has_visits_of_its_posts_by_people(real_data):
    log = real_data / "access_log" / "access.log.gz"
    table = page_table(pd.Series(["/2015/03/19/apache-spark-quick-guide/"]), pd.Series(["spark"]))
    counts = Counts()
    result = sum(1 for _ in visits([log], table, counts, VisitOptions()))
    assert counts.lines == 165_263 and counts.unparsable == counts.forwarded == 0
    assert 13_000 < result < 14_000
    assert counts.visits > 100
