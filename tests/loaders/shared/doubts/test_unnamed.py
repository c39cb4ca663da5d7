"""What names of columns say of users, times and zones."""

import pytest

from kartograph.loaders.interactions import read


def remarks(tmp_path, options, header, row="a,b,2024-01-15 10:00", **said):
    path = tmp_path / "rows.csv"
    path.write_text(f"{header}\n{row}\n")
    return list(read(path, options(**said)).report.remarks)


def test_columns_whose_names_say_a_time_or_a_user_are_named_where_none_is_read(tmp_path, options):
    assert remarks(tmp_path, options, "user,item,moment_dt") == [
        "no column is read as the time, and 'moment_dt' may be one: --time 'moment_dt' reads it"
    ]
    assert remarks(tmp_path, options, "session,item,time,the_client", "s,b,1700000000,c") == [
        "no column is read as the user, and 'the_client' may be one: --user 'the_client' reads it"
    ]
    assert remarks(tmp_path, options, "user,item,updated_at") == []  # of something else


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Date (EST)", "EST"), ("time [Europe/Berlin]", "Europe/Berlin"), ("Timestamp (local)", "Europe/Berlin, if that")],
)
def test_a_zone_in_the_name_of_times_is_told_and_not_read(tmp_path, options, name, zone):
    [remark] = remarks(tmp_path, options, f"user,item,{name}")
    assert remark.startswith(f"the name of column {name!r} says a zone") and f"--timezone {zone}" in remark
    assert remarks(tmp_path, options, f"user,item,{name}", timezone="EST") == []
    assert remarks(tmp_path, options, "user,item,Time (UTC)") == []
