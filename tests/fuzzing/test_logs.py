"""Damaged log lines are requests or none; damaged tables of pages and format strings have a clear error."""

from hypothesis import strategies as st
from tests.fuzzing.mutation import damaged, fuzz, tried

from kartograph.loaders.access_log.formats.log_format import compile_format
from kartograph.loaders.access_log.pages import read_page_table
from kartograph.loaders.access_log.recognize import LineReader

LINES = (
    b'203.0.113.1 - - [10/Oct/2023:13:55:01 +0000] "GET /p/1?a=b HTTP/1.1" 200 99 "-" "Mozilla/5.0 Chrome/120.0"',
    b'www.example.com:443 203.0.113.1 - - [2023-10-10T13:55:01+00:00] "GET /p/1 HTTP/1.1" 200 99 "-" "M" "10.0.0.1"',
    b'{"ts":1696946101.5,"request":{"remote_ip":"203.0.113.1","method":"GET","uri":"/p/1"},"status":200}',
    b"#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)",
    b"2023-10-10 13:55:01 203.0.113.1 GET /p/1 200 Mozilla/5.0",
    b"https 2023-10-10T13:55:01.186641Z app/b/5 203.0.113.1:2817 10.0.0.1:80 0.0 0.0 0.0 200 200 34 366 "
    b'"GET https://www.example.com:443/p/1 HTTP/2.0" "Mozilla/5.0" - -',
)
FORMATS = (b'%h %l %u %t "%r" %>s %b "%{Referer}i"', b'$remote_addr [$time_local] "$request" $status')


@fuzz(400, lines=st.lists(damaged(LINES), min_size=1, max_size=8))
def test_lines(lines):
    read = LineReader()
    for line in lines:
        with tried("log lines"):
            read(line.replace(b"\n", b" "))


@fuzz(150, text=damaged(FORMATS))
def test_formats(text):
    with tried("formats of logs"):
        compile_format(text.decode("utf-8", "replace"))(LINES[0])


@fuzz(80, content=damaged((b"url,item_id\n/p/1,i1\nhttps://example.com/p/2?x=1,i2\n",)))
def test_tables_of_pages(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("pages") / "pages.csv"
    path.write_bytes(content)
    with tried("tables of pages"):
        read_page_table(path)
