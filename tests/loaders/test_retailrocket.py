"""Tests of reading RetailRocket's folder, the full layout, the packed one and the real files."""

import gzip

import pytest

from kartograph.loaders.retailrocket import RetailRocketOptions, read
from kartograph.loaders.sample import generate
from kartograph.loaders.shared.options import ReadOptions
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine import count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

AT = 1_431_226_800_000
EVENTS = f"""timestamp,visitorid,event,itemid,transactionid
{AT},u1,view,i1,
{AT + 5},u1,addtocart,i1,
{AT + 9},u1,transaction,i1,77
"""
PART1 = f"""timestamp,itemid,property,value
{AT},i1,categoryid,5
{AT},i1,available,0
{AT},i1,790,n12.000
{AT},i2,888,1238769
{AT},i2,283,n5.000
"""
PART2 = f"""timestamp,itemid,property,value
{AT + 5},i1,categoryid,6
{AT + 5},i1,available,1
{AT + 5},i1,790,n15.500
{AT + 5},i2,888,648485 n24.000
"""
TREE = "categoryid,parentid\n5,1\n6,1\n1,\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "item_properties_part1.csv").write_text(PART1)
    (tmp_path / "item_properties_part2.csv").write_text(PART2)
    (tmp_path / "category_tree.csv").write_text(TREE)
    return tmp_path


@pytest.fixture
def options(tmp_path):
    return lambda **more: RetailRocketOptions(rejects=tmp_path / "rejects.csv", **more)


def by_item(table):
    return {row.pop("item_id"): row for row in table.to_pyarrow().to_pylist()}


def test_the_full_layout_gives_events_history_and_latest_properties(folder, options):
    source = read(folder, options())
    events = sorted((row["timestamp"] - AT, row["event"]) for row in source.interactions.to_pyarrow().to_pylist())
    assert events == [(0, "view"), (5, "cart"), (9, "buy")]
    told_at = {"price_at": AT + 5, "available_at": AT + 5}
    assert by_item(source.items)["i1"] == {"title": None, "price": 15.5, "brand": None, "available": True} | told_at
    shop = derive(source)
    categories = [row["category_id"] for row in shop.session_items.order_by("position").to_pyarrow().to_pylist()]
    assert categories == ["5", "6", "6"]
    assert source.report.reads["item properties"].rows == 6  # those of properties that nobody asked for stay unread


def test_named_properties_are_kept_numbers_as_numbers_and_words_as_text(folder, options):
    items = by_item(read(folder, options(properties=("888", "283"))).items)
    assert items["i2"]["property_888"] == "648485 n24.000"
    assert items["i2"]["property_283"] == 5.0


def test_the_packed_layout_reads_the_same(folder, options):
    whole = by_item(read(folder, options()).items)
    (folder / "item_properties.csv.gz").write_bytes(gzip.compress((PART1 + PART2.split("\n", 1)[1]).encode()))
    (folder / "item_properties_part1.csv").unlink()
    (folder / "item_properties_part2.csv").unlink()
    assert by_item(read(folder, options()).items) == whole


def test_bad_properties_are_rejected_with_file_and_line(folder, options):
    with (folder / "item_properties_part2.csv").open("a") as file:
        file.write(
            f"{AT},i1,available,maybe\n{AT},i1,790,cheap\n{AT},i1,790,n-1.000\n{AT},,categoryid,5\n{AT},i3,categoryid,\n"
        )
    report = read(folder, options(limit=RejectLimit(share=1))).report
    assert report.rejected == {
        "available is not 0 or 1": 1,
        "price is no number such as n123.000": 1,
        "price is negative": 1,
        "no itemid": 1,
        "no category": 1,
    }
    assert report.rejects_file is not None
    rejects = report.rejects_file.read_text().splitlines()
    assert f"{folder / 'item_properties_part2.csv'},6,value,maybe,available is not 0 or 1" in rejects


def test_a_folder_without_events_names_what_is_there(tmp_path, options):
    (tmp_path / "clicks.csv").write_text("a,b\n")
    with pytest.raises(BadInput) as caught:
        read(tmp_path, options())
    assert "events.csv" in str(caught.value)
    assert "clicks.csv" in str(caught.value)


def test_a_path_that_is_no_folder_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"is no folder. Name the folder that holds RetailRocket's events.csv"):
        read(tmp_path / "nowhere", RetailRocketOptions())


def test_the_generated_shop_reads_whole(tmp_path, options):
    generate(tmp_path / "shop", scale=0.002, seed=1)
    source = read(tmp_path / "shop", options())
    assert source.report.rejected == {}
    shop = derive(source)
    assert count_rows(shop.session_items.filter(shop.session_items.category_id.isnull())) == 0
    assert source.report.counts["session_items"] == source.report.reads["events"].rows


@pytest.mark.slow
def test_the_real_files_read_whole(real_data, tmp_path):
    source = read(real_data / "retailrocket" / "raw", RetailRocketOptions(rejects=tmp_path / "rejects.csv"))
    assert source.report.rejected == {}
    counts = {name: read.rows for name, read in source.report.reads.items()}
    assert counts == {"events": 9_385, "category tree": 1_669, "item properties": 442_432}
    assert list(source.report.notes.values()) == [23_352]
    derive(source)
    assert source.report.counts["users"] == 5_000
    assert source.report.counts["item_categories"] == 417_053


def test_common_options_have_defaults_that_refuse_a_tenth_of_bad_rows():
    assert ReadOptions().limit.share == 0.1
