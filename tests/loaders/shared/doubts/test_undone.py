"""Columns that say that rows were undone."""

from kartograph.loaders.interactions import read


def test_columns_that_are_not_read_and_say_that_rows_were_undone_are_named(tmp_path, options):
    path = tmp_path / "lines.csv"
    path.write_text("user,item,order status,is_refund,state\nu,i,Completed,0,NY\nu,j,Cancelled,1,CA\nu,k,refunded,1,\n")
    status, flag = read(path, options()).report.remarks
    assert status.startswith("column 'order status' is not read, and says 'Cancelled' in 2 of 3 rows")
    assert flag.startswith("column 'is_refund' is not read, and says '1' in 2 of 3 rows")


def test_rows_of_bots_tests_and_deleted_ones_are_told(tmp_path, options):
    path = tmp_path / "views.csv"
    path.write_text("user,item,is_bot,Test,deleted,robotics\nu,i,1,false,0,1\nu,j,0,true,0,1\n")
    bot, test = read(path, options()).report.remarks
    assert bot.startswith("column 'is_bot' is not read, and says '1' in 1 of 2 rows")
    assert test.startswith("column 'Test' is not read, and says 'true' in 1 of 2 rows")


def test_orders_with_a_day_of_cancelling_and_prices_below_zero_are_told(tmp_path, options):
    path = tmp_path / "orders.csv"
    path.write_text(
        "user,item,Cancelled at,Lineitem price,quantity\n"
        "u,i,,12.50,1\nu,j,2024-01-03 10:00,-3.50,1\nu,k,0000-00-00,(4.00),1\nu,l,,-5,-1\nu,m,,-0.00,1\nu,n,,12.-,1\n"
    )
    below, cancelled = read(path, options()).report.remarks
    assert below.startswith("column 'Lineitem price' is below zero, as '(4.00)', in 2 of 6 rows")
    assert cancelled.startswith("column 'Cancelled at' is not read, and says '2024-01-03 10:00' in 1 of 6 rows")


def test_an_amount_or_a_quantity_that_was_refunded_is_told(tmp_path, options):
    path = tmp_path / "orders.csv"
    path.write_text("user,item,Refunded Amount,qty_refunded,refund policy\nu,i,0.00,0,30 days\nu,j,-5.00,1,30 days\n")
    amount, number = read(path, options()).report.remarks
    assert amount.startswith("column 'Refunded Amount' is not read, and says '-5.00' in 1 of 2 rows")
    assert number.startswith("column 'qty_refunded' is not read, and says '1' in 1 of 2 rows")


def test_every_row_of_every_file_is_looked_at(tmp_path, options):
    rows = [f"u,{place},Paid" for place in range(1_500)]
    (tmp_path / "a.csv").write_text("\n".join(["user,item,status", *rows, "u,x,refunded"]))
    (tmp_path / "b.csv").write_text("user,item,is_refund\nu,y,1\nu,z,0\n")
    status, flag = read(tmp_path, options()).report.remarks
    assert status.startswith("column 'status' is not read, and says 'refunded' in 1 of 1,503 rows")
    assert flag.startswith("column 'is_refund' is not read, and says '1' in 1 of 1,503 rows")


def test_several_items_in_few_values_are_told(tmp_path, options):
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["user,products", *(f"u,i{place}" for place in range(30)), 'u,"i1,i2"']))
    (words,) = read(path, options()).report.remarks
    assert words.startswith(
        "column 'products' holds a list or an object in one value, such as 'i1,i2', in 1 of 31 rows"
    )
