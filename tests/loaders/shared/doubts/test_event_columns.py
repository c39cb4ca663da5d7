"""Columns that are not read though they hold words for events."""

from kartograph.loaders.interactions import read


def test_a_column_of_words_for_events_that_is_not_read_is_told(tmp_path, options):
    path = tmp_path / "profiles.csv"
    path.write_text("user,item,Metric,Label\nu,a,Placed Order,view\nu,b,Viewed Product,view\nu,c,Opened,view\n")
    assert read(path, options()).report.remarks == [
        "column 'Metric' is not read, and holds words for events such as 'Placed Order': --event 'Metric' reads them"
    ]
    said = options(event="Metric", event_map=("Opened=ignore",))
    assert read(path, said).report.remarks == []
