"""Every command in the tables of layouts runs, on a sample that is made here."""

import gzip
import io
import json
import re
import shlex
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from tests.loaders import test_books, test_presets, test_retailrocket, test_saved_pages
from tests.loaders.shared import test_variants
from tests.tables.formats.containers.test_workbook import sheet, workbook
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.loading.load import load  # noqa: F401  (adds the commands)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "loading.md").read_text("utf-8")
TABLES = PAGE[: PAGE.index("## A loader of your own")]
COMMANDS = [shlex.split(line)[1:] for line in re.findall(r"\| `(kartograph load [^`]+)` \|", TABLES)]
HEAD = "user_id,item_id,timestamp\n"
ROWS = "u1,A,1700000000\nu2,B,1700000060\n"
VIEWS = HEAD + ROWS
EVENTS = [{"user_id": "u1", "item_id": "A", "timestamp": 1700000000}]
LOG = '10.0.0.7 - - [10/Oct/2023:13:55:01 +0000] "GET /p/1 HTTP/1.1" 200 9 "-" "Mozilla/5.0 Chrome/9" "198.51.100.7"\n'
FILMS = (
    "@prefix : <urn:f#> . @prefix kg: <urn:kartograph:vocabulary#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    ":Film a owl:Class ; kg:isTarget true . :a a :Film . :b a :Film .\n"
)
FILMS_XML = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:f#" '
    'xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:kg="urn:kartograph:vocabulary#">'
    '<owl:Class rdf:about="urn:f#Film"><kg:isTarget rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true'
    '</kg:isTarget></owl:Class><Film rdf:about="urn:f#a"/><Film rdf:about="urn:f#b"/></rdf:RDF>'
)
REES46 = (
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
    "2019-10-01 00:00:00 UTC,view,44600062,21038,,shiseido,35.79,541312140,72d7\n"
)


def zipped(members: dict[str, str]) -> bytes:
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def written(write) -> bytes:
    write(pa.Table.from_pylist(EVENTS), target := io.BytesIO())
    return target.getvalue()


FILES: dict[str, str | bytes] = {
    "clicks.csv": VIEWS,
    "orders.csv": test_presets.SHOPIFY,
    "clicks.csv.gz": gzip.compress(b"session_id,position,item_id\n1,0,A\n1,1,B\n"),
    "2019-Oct.csv.gz": gzip.compress(REES46.encode()),
    "archive.zip": zipped(
        {
            "events.csv": test_retailrocket.EVENTS,
            "item_properties_part1.csv": test_retailrocket.PART1,
            "item_properties_part2.csv": test_retailrocket.PART2,
            "category_tree.csv": test_retailrocket.TREE,
        }
    ),
    "shakespeare/books.csv": test_books.BOOKS,
    "shakespeare/creators.csv": test_books.CREATORS,
    "shakespeare/borrows.csv": re.sub(r"E[4-9].*\n", "", test_books.BORROWS),
    "access.log.gz": gzip.compress(LOG.encode()),
    "pages.csv": "url,item_id\n/p/1,A\n",
    "films.ttl": FILMS,
    "kg.tsv": "A\tgenre\tdrama\nB\tgenre\tdrama\n",
    "saved/film/playtime/index.html": test_saved_pages.PAGE,
    "f.ttl": test_saved_pages.ONTOLOGY,
    "films.toml": test_saved_pages.PATTERNS,
    "export.csv": "\ufeffSales of May;;\n\n" + VIEWS.replace(",", ";"),
    "UserBehavior.csv": test_presets.TAOBAO.replace("fav", "pv"),
    "ratings.dat": test_presets.MOVIELENS,
    "tilde.txt": VIEWS.replace(",", "~"),
    "dump.csv": 'user_id,item_id,title\n1,A,"5\\" pipe"\n2,B,\\N\n',
    "outfile.txt": "1\tA\tview\t1700000000\t\\N\n2\tB\tbuy\t1700000060\tLamp\\\tred\n",
    "feed.xml": '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    "<item><g:id>A</g:id><g:price>9.50 EUR</g:price></item></channel></rss>",
    "old.csv": (HEAD + "Käufer,5 €,1700000000\n").encode("cp1252"),
    "sessions.jsonl": json.dumps({"session": 1, "events": [{"aid": 2, "ts": 1661724000278, "type": "clicks"}]}),
    "events.json": json.dumps({"hits": {"hits": [{"_source": EVENTS[0]}]}}, indent=1),
    "firebase.json": json.dumps({"events": {"-Nx1": EVENTS[0], "-Nx2": EVENTS[0]}}),
    "track.jsonl": json.dumps({"anonymousId": "a1", "event": "Product Viewed", "properties": {"product_id": "A"}})
    + "\n"
    + json.dumps({"userId": "u1", "event": "Order Completed", "properties": {"products": [{"product_id": "A"}]}}),
    "frame.txt": '"user_id" "item_id" "timestamp"\n"1" "u1" "A" 1700000000\n"2" "u2" "B" 1700000060\n',
    "aligned.txt": "user_id  item_id  timestamp\nu1       A b      2024-01-01 10:00\nu2       B        2024-01-02\n",
    "haproxy.log": "Oct 10 13:55:01 lb haproxy[9]: 10.0.0.7:3331 [10/Oct/2023:13:55:01.000] in web/1 0/0/1/2/3 200 9 "
    '- - ---- 1/1/1/1/0 0/0 {Mozilla/5.0 Chrome/9} "GET /p/1 HTTP/1.1"\n',
    "requests.json": json.dumps(
        {
            "records": [
                {
                    "time": "2023-10-10T13:55:01Z",
                    "properties": {
                        "clientIP": "10.0.0.7",
                        "httpMethod": "GET",
                        "requestUri": "/p/1",
                        "httpStatus": 200,
                    },
                }
            ]
        },
        indent=1,
    ),
    "printed.txt": " user_id | item_id \n---------+---------\n u1      | A\n(1 row)\n",
    "events.parquet": written(pq.write_table),
    "events.feather": written(feather.write_feather),
    "orders.xlsx": workbook(one=sheet("sReport -", "suser_id sitem_id sdate", "su1 n17 d43739.5")),
    "export.zip": zipped({"2023/a.csv": VIEWS, "2024/b.tsv": VIEWS.replace(",", "\t"), "__MACOSX/._a.csv": "x"}),
    "exports/a.CSV": VIEWS,
    "exports/b.json": json.dumps(EVENTS),
    "exports/README.txt": "Made on a Monday, by hand.\n",
    "parts/day=1/part-0": VIEWS,
    "parts/day=2/part-0": VIEWS,
    "visits.csv": "kunde,artikel,wann\nu1,A,03.10.2023 14:30\n",
    "receipts.csv": "customer_id,article_id,t_dat\nu1,A,2020-03-01\n",
    "words.csv": "user_id,item_id,event,timestamp\nu1,A,fav,1700000000\nu1,A,zoom,1700000001\n",
    "stars.csv": 'user_id,item_id,rating,timestamp\nu1,A,5,1700000000\nu1,B,"3,5",1700000001\n',
    "till.csv": "user_id,item_id,order_date,order_time\nu1,A,31.03.2024,2:30 PM\n",
    "serials.csv": HEAD + "u1,A,43739.5\n",
    "loans.csv": "member,book,date\nu1,A,1919-11-17\n",
    "views.csv": VIEWS,
    "skus.csv": VIEWS.replace(",A,", ",TEE-S,").replace(",B,", ",TEE-M,"),
    "products_export.csv": test_variants.SHOPIFY,
    "products.csv": 'id;name;price;category\nA;Lamp;"1.234,50 €";light\n',
    "damaged.csv": HEAD + 'u1,"=""007""",1700000000\n17850.0,B,1700000060\n',
    "european.csv": "user_id;item_id;timestamp;price\nu1;A;1700000000;12,50\nu2;B;1700000060;1.234\n",
    "ga4.json": json.dumps(test_presets.GA4),
    "shopify.csv": test_presets.SHOPIFY,
    "woo.csv": test_presets.WOO,
    "lines.csv": test_presets.MAGENTO,
    "invoices.csv": test_presets.INVOICES,
    "otto.jsonl": json.dumps(test_presets.OTTO),
    "taobao.csv": test_presets.TAOBAO,
    "ml.dat": test_presets.MOVIELENS,
    "ml.inter": test_presets.RECBOLE,
    "feedback.jsonl": json.dumps(test_presets.GORSE),
    "train-item-views.csv": test_presets.DIGINETICA,
    "proxy.log": LOG,
    "own.log": '10.0.0.7 [10/Oct/2023:13:55:01 +0000] "GET /p/1 HTTP/1.1" 200\n',
    "films.owl.zip": zipped({"films.owl": FILMS_XML}),
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_layout_that_is_said_to_load_loads(samples, monkeypatch, command):
    monkeypatch.chdir(samples)
    monkeypatch.setenv("KARTOGRAPH_HOME", str(samples / "home"))
    result = CliRunner().invoke(app, [*command, "--dry-run"], catch_exceptions=False)
    assert result.exit_code == 0 and "verdict: " in result.output, result.output
    assert not re.search(r"rejected\W+[1-9]", result.stdout.replace("0 rejected", "")), result.output


def test_the_tables_have_their_commands():
    assert len(COMMANDS) > 40
