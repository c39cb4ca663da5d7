"""Tests of `kartograph load auto`, as far as no server is needed."""

import gzip
import json
import zipfile

import pytest
from tests.loaders.access_log.formats.test_known_formats import (
    JSON,
    LACKING_LINES,
    TABLES,
    WITH_BROWSER,
    WITHOUT_BROWSER,
)
from tests.loaders.test_presets import (
    DIGINETICA,
    GA4,
    GORSE,
    INVOICES,
    MAGENTO,
    MOVIELENS,
    OTTO,
    RECBOLE,
    SHOPIFY,
    TAOBAO,
    WOO,
)
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.loading import auto  # noqa: F401 - adds the command
from kartograph.loaders.recognition import recognize
from kartograph.tables.errors import BadInput

REES46 = (
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
    "2019-10-01 00:00:00 UTC,view,p1,c1,,acme,10.00,u1,s1\n"
)
EVENTS = "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n"
PROPERTIES = "timestamp,itemid,property,value\n1435460400000,355908,categoryid,1338\n"
TREE = "categoryid,parentid\n1338,\n"
LINE = '10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200 1 "-" "Mozilla/5.0 Firefox"\n'
LOGS, OBJECTS = [*WITH_BROWSER.values(), *WITHOUT_BROWSER.values()], list(JSON.values())


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))


def run(*arguments):
    return CliRunner().invoke(app, ["load", "auto", *map(str, arguments)], env={"COLUMNS": "200"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "text", "arguments"),
    [
        ("2019-Oct.csv", REES46, ["rees46"]),
        ("clicks.csv", "session_id,position,item_id\n1,0,a\n", ["sessions"]),
        ("own.csv", "customer;sku;when\nu;i;2024-01-01\n", ["interactions"]),
        ("ga4.jsonl", json.dumps(GA4) + "\n", ["interactions", "--preset", "ga4"]),
        ("orders.csv", SHOPIFY, ["interactions", "--preset", "shopify"]),
        ("orders.csv", WOO, ["interactions", "--preset", "woocommerce"]),
        ("orders.csv", MAGENTO, ["interactions", "--preset", "orders"]),
        ("lines.csv", INVOICES, ["interactions", "--preset", "invoices"]),
        ("s.jsonl", json.dumps(OTTO) + "\n", ["interactions", "--preset", "otto"]),
        ("UserBehavior.csv", TAOBAO, ["interactions", "--preset", "taobao"]),
        ("ratings.dat", MOVIELENS, ["interactions", "--preset", "movielens"]),
        ("x.inter", RECBOLE, ["interactions", "--preset", "recbole"]),
        ("f.jsonl", json.dumps(GORSE) + "\n", ["interactions", "--preset", "gorse"]),
        ("v.csv", DIGINETICA, ["interactions", "--preset", "diginetica"]),
        ("edges.tsv", "item\tproperty\tvalue\nm\tdirector\td\n", ["properties"]),
        ("access.log", LINE * 3, ["access-log"]),
    ],
)
def test_each_source_is_recognised_by_what_is_in_its_file(tmp_path, file, text, arguments):
    path = tmp_path / file
    path.write_text(text)
    result, _ = recognize(str(path))
    assert [result.arguments()[0], *result.arguments()[2:]] == arguments
    packed = tmp_path / f"{file}.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert recognize(str(packed))[0].loader.name == arguments[0]


@pytest.mark.slow
def test_a_data_set_of_several_files_is_recognised_as_folder_and_as_archive(tmp_path):
    folder = tmp_path / "downloaded"
    folder.mkdir()
    files = {"events.csv": EVENTS, "item_properties_part1.csv": PROPERTIES, "category_tree.csv": TREE}
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name, text in files.items():
            (folder / name).write_text(text)
            archive.writestr(f"inside/{name}", text)
    for path in (folder, tmp_path / "archive.zip"):
        result, reading = recognize(str(path))
        assert result.loader.name == "retailrocket"
        assert reading.rows.to_numpy().tolist() == [["257597", "355908", "view", "2015-06-02 05:02:12"]]
        assert run(path, "--dry-run").exit_code == 0


def test_it_says_what_it_sees_and_without_a_terminal_which_command_would_run(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("customer,sku,when\nu,i,2024-01-01 10:00\nv,,2024-01-02\n")
    shown = run(path, "--max-rejects", "50%")
    assert shown.exit_code == 2
    assert "user 'customer', item 'sku'" in shown.stdout
    assert "2, of them 1 rejected" in shown.stdout
    assert f"command: kartograph load interactions {path} --max-rejects 50%" in shown.stdout
    assert "run that command, or add --yes (exit code 2)" in shown.stderr


@pytest.mark.slow
def test_a_dry_run_needs_no_yes_and_further_options_are_the_loaders(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("customer,sku,when\nu,i,2024-01-01 10:00\nv,,2024-01-02\n")
    refused = run(path, "--dry-run")
    assert refused.exit_code == 1 and "verdict: this load would be refused" in refused.stdout
    assert run(path, "--dry-run", "--max-rejects", "50%").exit_code == 0
    unknown = run(path, "--yes", "--no-such-option")
    assert unknown.exit_code == 2 and "No such option: --no-such-option" in unknown.output


def test_what_fits_two_loaders_or_none_is_an_error_that_says_what_is_there(tmp_path):
    path = tmp_path / "both.csv"
    path.write_text("session_id,position,item_id,user_id,feedback_type,userId,movieId\n1,0,a,u,star,u,m\n")
    with pytest.raises(BadInput, match=r"may be read in several ways: .*--preset movielens.*; or .*--preset gorse"):
        recognize(str(path))
    path.write_text("colour,weight\nred,3\n")
    with pytest.raises(BadInput, match=r"No loader recognises .* columns 'colour', 'weight'.*Known are access-log"):
        recognize(str(path))
    path.write_text("17,9,2024-01-01\n18,9,2024-01-02\n")
    with pytest.raises(BadInput, match=r"a table without a header, its first line is '17,9,2024-01-01'.*--columns"):
        recognize(str(path))
    with pytest.raises(BadInput, match="is not there"):
        recognize(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("line", [*LOGS, *map(json.dumps, OBJECTS)])
def test_logs_of_servers_and_of_what_stands_before_them_are_recognised(tmp_path, line):
    path = tmp_path / "log.txt"
    path.write_text(f"{line}\n" * 3)
    result, _ = recognize(str(path))
    assert result.loader.name == "access-log"


def test_requests_in_documents_of_json_and_in_tables_are_recognised_as_logs(tmp_path):
    path = tmp_path / "log.json"
    for content in (OBJECTS, {"records": OBJECTS}):
        path.write_text(json.dumps(content, indent=1))
        assert recognize(str(path))[0].loader.name == "access-log"
    path = tmp_path / "log.csv"
    for header, row in TABLES.values():
        path.write_text(f"{header}\n{row}\n{row}\n")
        assert recognize(str(path))[0].loader.name == "access-log"


@pytest.mark.parametrize("line", LACKING_LINES.values(), ids=LACKING_LINES)
def test_a_log_that_says_too_little_is_refused_by_its_name(tmp_path, line):
    path = tmp_path / "log.txt"
    path.write_text(f"{line}\n" * 3)
    with pytest.raises(BadInput, match=r"is a log in .*: .*(it|a request|the time|its days) "):
        recognize(str(path))
    (tmp_path / "pages.csv").write_text("url,item_id\n/p/1,f1\n")
    run = CliRunner().invoke(app, ["load", "access-log", str(path), "--mapping", str(tmp_path / "pages.csv")])
    assert run.exit_code != 0 and "3 of them are in" in str(run.exception)


def test_a_log_says_what_it_needs_and_takes_the_table_of_pages_beside_it(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "access.log").write_text(LINE * 3)
    alone = run(folder / "access.log", "--yes")
    assert "nothing there says what access-log needs" in str(alone.exception)
    (folder / "pages.csv").write_text("url,item_id\n/a,f1\n")
    result, reading = recognize(str(folder))
    assert result.arguments()[2:] == ["--mapping", str(folder / "pages.csv")]
    assert set(reading.rows["item_id"]) == {"f1"}
