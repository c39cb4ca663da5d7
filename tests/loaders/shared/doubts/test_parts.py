"""Parts of interactions that stand in later files alone."""

from kartograph.loaders.interactions import read


def test_a_column_of_events_that_the_first_file_lacks_is_told(tmp_path, options):
    (tmp_path / "a.csv").write_text("user,item\nu,i\n")
    (tmp_path / "b.csv").write_text("item,user,event,colour\nj,u,purchase,red\n")
    report = read(tmp_path, options()).report
    assert report.remarks == [
        "column 'event' of b.csv says the event, and is not read, for a.csv has none: load the files apart, or add it "
        "there (--event names another)"
    ]
