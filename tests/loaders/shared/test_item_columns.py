"""Properties of items beside events and in tables of their own."""

from kartograph.loaders.interactions import read
from kartograph.loaders.shared.doubts.event_columns import MOST_COLUMNS
from kartograph.tables.formats.read import Reader


def test_prices_and_availabilities_that_are_not_understood_are_counted(tmp_path, options):
    (tmp_path / "products.csv").write_text("item_id,price,available\ni,12.50,yes\nj,on request,soon\nk,-1,\n")
    (tmp_path / "views.csv").write_text("user,item,price\nu,i,12.50\nu,j,??\n")
    notes = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"))).report.notes
    assert {
        "values of 'price' that are none, such as '-1'": 2,
        "values of 'available' that are none, such as 'soon'": 1,
        "values of 'price' that are none, such as '??'": 1,
    }.items() <= notes.items()


def test_the_column_of_usual_name_that_has_most_items_of_the_events_names_them(tmp_path, options):
    (tmp_path / "views.csv").write_text("user,item\nu,10\nu,11\nv,12\n")
    (tmp_path / "products.csv").write_text("ID,SKU,Name,Colour\n10,V,Hoodie,1\n11,V-R,Red,2\n11,V-S,Rot,3\n")
    report = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"))).report
    assert (report.columns["items: item"], report.remarks) == ("ID", [])
    assert report.notes["items of events that products.csv does not have by its column 'ID'"] == 1
    assert report.notes["items with several values of title in their table, such as '11': the greatest holds"] == 1
    assert report.notes["columns of products.csv that are not used: SKU, Colour"] == 2


def test_a_column_of_unusual_name_that_has_more_items_of_the_events_is_named(tmp_path, options):
    (tmp_path / "views.csv").write_text("user,item\nu,10\nu,11\nv,12\n")
    (tmp_path / "products.csv").write_text("nummer,SKU,Name\n10,V,Hoodie\n11,V-R,Red\n")
    report = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"))).report
    assert report.remarks == [
        "items of events that products.csv does not have by its column 'SKU': column 'nummer' of it has 2 of them in "
        "its first rows; call that one item_id"
    ]


def test_the_deepest_of_several_categories_holds_where_one_is_above_another(tmp_path, options):
    path = tmp_path / "views.csv"
    path.write_text('user,item,category\nu,i,"Home, Home > Light > Lamps, Home > Light"\nu,j,"Pots, Pans > Iron"\n')
    rows = read(path, options()).item_categories.to_pyarrow().to_pylist()
    assert {row["item_id"]: row["category_id"] for row in rows} == {
        "i": "Home > Light > Lamps",
        "j": "Pots, Pans > Iron",
    }


def test_of_several_paths_in_one_value_the_deepest_holds_where_other_rows_show_that_they_are_several(tmp_path, options):
    (tmp_path / "views.csv").write_text("user,item\nu,i\n")
    (tmp_path / "woo.csv").write_text(
        'SKU,Categories\ni,"Sale, Home > Light > Lamps"\nj,Sale\nk,"Home > Pots, Pans"\nl,(no genres listed)\nm,[]\n'
    )
    source = read(tmp_path / "views.csv", options(items=str(tmp_path / "woo.csv")))
    held = {row["item_id"]: row["category_id"] for row in source.item_categories.to_pyarrow().to_pylist()}
    assert held == {"i": "Home > Light > Lamps", "j": "Sale", "k": "Home > Pots, Pans"}


def test_categories_that_are_lists_are_told(tmp_path, options):
    path = tmp_path / "views.csv"
    path.write_text("user,item,category\nu,i,\"['Home', 'Light']\"\nu,j,[new]\n")
    assert read(path, options()).report.remarks == [
        "categories that are lists, such as \"['Home', 'Light']\", each one name: write A > B, or one category"
    ]


def test_pieces_in_stock_and_regular_prices_are_read(tmp_path, options):
    (tmp_path / "views.csv").write_text("user,item\nu,i\n")
    (tmp_path / "woo.csv").write_text("SKU,Stock,Regular price\ni,3,12.50\nj,0,9\n")
    source = read(tmp_path / "views.csv", options(items=str(tmp_path / "woo.csv")))
    items = source.items.order_by("item_id").to_pyarrow().to_pylist()
    assert [(one["item_id"], one["available"], one["price"]) for one in items] == [("i", True, 12.5), ("j", False, 9.0)]


def test_ids_of_a_table_of_items_are_repaired_as_those_of_the_events(tmp_path, options):
    (tmp_path / "views.csv").write_text('user,item\nu,17.0\nu,"=""002"""\nv,3\n')
    (tmp_path / "products.csv").write_text(
        'number,item_id,title,category\n1,17.0,Lamp,5.0\n2,"=""002""",Rug,5\n3,3.0,Pot,5\n'
    )
    source = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"), repair_ids=True))
    items = source.items.order_by("item_id").to_pyarrow().to_pylist()
    assert [(one["item_id"], one["title"]) for one in items] == [("002", "Rug"), ("17", "Lamp"), ("3", "Pot")]
    assert set(source.item_categories.to_pyarrow()["category_id"].to_pylist()) == {"5"}
    assert source.report.remarks == []


def test_damaged_ids_of_a_table_of_items_are_told(tmp_path, options):
    (tmp_path / "views.csv").write_text("user,item\nu,17\n")
    (tmp_path / "products.csv").write_text("item_id,title\n17.0,Lamp\n")
    notes = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"))).report.notes
    assert notes["rows whose item in products.csv has a decimal point, as 17.0: --repair-ids takes it off"] == 1


def test_of_a_table_of_thousands_of_columns_some_are_looked_at(tmp_path, options, monkeypatch):
    looked_at = []
    peek = Reader.peek
    monkeypatch.setattr(Reader, "peek", lambda *given: looked_at.append(len(given[2])) or peek(*given))
    names = [f"c{number}" for number in range(1_000)]
    wide = ",".join(["item", "user", *names]) + "\n" + ",".join(["i", "u", *names]) + "\n"
    (tmp_path / "wide.csv").write_text(wide)
    source = read(tmp_path / "wide.csv", options(items=str(tmp_path / "wide.csv")))
    assert source.interactions.count().to_pyarrow().as_py() == 1
    assert max(looked_at) == MOST_COLUMNS + 1
