"""Properties of items beside events and in tables of their own."""

from kartograph.loaders.interactions import read


def test_prices_and_availabilities_that_are_not_understood_are_counted(tmp_path, options):
    (tmp_path / "products.csv").write_text("item_id,price,available\ni,12.50,yes\nj,on request,soon\nk,-1,\n")
    (tmp_path / "views.csv").write_text("user,item,price\nu,i,12.50\nu,j,??\n")
    notes = read(tmp_path / "views.csv", options(items=str(tmp_path / "products.csv"))).report.notes
    assert {
        "values of 'price' that are none, such as '-1'": 2,
        "values of 'available' that are none, such as 'soon'": 1,
        "values of 'price' that are none, such as '??'": 1,
    }.items() <= notes.items()
