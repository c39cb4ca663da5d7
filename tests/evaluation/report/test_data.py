import pytest
from tests.evaluation.report import retailrocket
from tests.queries import small_shop

from kartograph.evaluation.report.charts.data import counted_bars, purchase_histogram, purchases_by_hour
from kartograph.evaluation.report.data import DataFigures, Kind, TableFigures
from kartograph.evaluation.report.data_source import described, retailrocket_figures
from kartograph.evaluation.report.notes import BUYERS, EVENTS, TRANSACTIONS, data_notes, implied_rows, model_notes
from kartograph.evaluation.report.sections.section_data import absent, data_charts
from kartograph.tables.engine import Engine
from kartograph.tables.errors import BadInput

LOOK_UP: tuple[tuple[Kind, str], ...] = (("user", "1"), ("user", "99"), ("item", "10"), ("category", "7"))
EMPTY = DataFigures("empty", "nothing", (), {}, 0, {}, (), (), (), ())


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return retailrocket_figures(retailrocket.write(tmp_path_factory.mktemp("data") / "small"), LOOK_UP)


def test_tables_have_their_rows_missing_values_and_first_rows(figures):
    events, properties, tree = figures.tables

    assert (events.rows, events.missing["transactionid"], events.missing["itemid"]) == (6, 3, 0)
    assert events.samples[1] == (str(retailrocket.at(13, 1)), "1", "transaction", "10", "1")
    assert events.samples[0][-1] == ""
    assert (properties.name, properties.rows) == ("item_properties", 3)
    assert tree.missing == {"categoryid": 0, "parentid": 1}


def test_events_and_purchases_are_counted(figures):
    assert figures.events == {"view": 2, "cart": 1, "buy": 3}
    assert (figures.users, figures.buyers, figures.purchases) == (3, 2, 3)
    assert figures.purchases_per_user == {1: 1, 2: 1}
    assert figures.top_customers == (("1", 2), ("2", 1))
    assert figures.top_products == (("10", 2), ("11", 1))
    assert figures.top_categories == (("7", 3), ("8", 2))
    assert (figures.first, figures.last) == (retailrocket.at(13), retailrocket.at(40))


def test_purchases_fall_into_hours_of_the_day(figures):
    # 13 h, 14 h, and 38 h, which is 14 h of the next day.
    assert figures.purchases_by_hour == (*[0] * 13, 1, 2, *[0] * 9)


def test_ids_that_a_paper_names_are_looked_up(figures):
    assert figures.looked_up == {("user", "1"): 2, ("user", "99"): 0, ("item", "10"): 2, ("category", "7"): 3}


def test_a_table_without_a_file_is_refused(tmp_path):
    engine = Engine()
    with pytest.raises(BadInput, match=r"There is no file of events\. Name a folder that holds events\.csv"):
        described(engine, "events", "", sorted(tmp_path.glob("events.csv*")))
    engine.close()


def test_each_figure_of_the_paper_has_its_chart_and_its_numbers(figures):
    charts = data_charts(figures)

    assert [found.chart.file for found in charts] == [
        *("data-missing.png", "data-events.png", "data-purchases.png", "data-customers.png"),
        *("data-hours.png", "data-products.png", "data-categories.png"),
    ]
    assert charts[1].rows == (("view", "2"), ("cart", "1"), ("buy", "3"))
    assert absent(figures) == ()


def test_what_the_data_does_not_have_is_left_out_and_told():
    assert data_charts(EMPTY) == ()
    assert absent(EMPTY)[1:3] == ("events", "purchases and customers, for no known user bought anything")


def test_purchase_counts_are_on_log_scales():
    [axes] = purchase_histogram({1: 100, 500: 1}, "Title").axes

    axes.figure.draw_without_rendering()  # pyright: ignore[reportAttributeAccessIssue]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert {label.get_text() for label in axes.get_xticklabels(which="both")} <= {"", "0", "1", "10", "100", "1,000"}


def test_the_peak_of_the_hours_stands_out():
    [axes] = purchases_by_hour([0, 5, 9, 5] + 20 * [0], "Title").axes
    colours = [bar.get_facecolor() for bar in axes.patches]

    assert [place for place, colour in enumerate(colours) if colour != colours[0]] == [2]


def test_bars_bear_their_counts():
    [axes] = counted_bars([("view", 2664312), ("buy", 22457)], "Title", "Events").axes

    assert [text.get_text() for text in axes.texts] == ["2,664,312", "22,457"]


def test_what_is_missing_by_design_is_said_with_the_arithmetic():
    note = data_notes(None)[0]

    assert f"{EVENTS:,} - {TRANSACTIONS:,} = 2,733,644" in note.finding
    assert note.ours == "–"


def test_notes_on_the_data_stand_beside_ours():
    tables = (TableFigures("events", "", 9385, {"transactionid": 9339}),)
    looked_up: dict[tuple[Kind, str], int] = {("user", "113086"): 0, ("user", "1150086"): 3}
    data = DataFigures(
        *("raw", "files", tables, {"view": 9076, "cart": 263, "buy": 46}, 5000, {1: 40, 3: 2}),
        *((), (*[0] * 17, 12, *[0] * 6), (), ()),
        looked_up=looked_up,
    )
    ours = {note.reported: note.ours for note in data_notes(data)}

    assert (
        ours["transactionid is missing 2,733,644 times, which the paper reads as “a legitimate value”"]
        == "9,339 of 9,385"
    )
    assert ours["Visitor 113086 made over 500 purchases"] == "113086: 0, 1150086: 3"
    assert ours["The peak between 14 and 15 h has about 7,000 purchases"] == "12 of 12 = 100 %, at 17–18 h UTC"
    assert ours["1,407,580 visitors, 11,719 of them buyers, about 0.83 %"] == "42 of 5,000 = 0.84 %"
    assert ours["“less than half of views goes to the cart”"] == "263 of 9,076 = 2.90 %"


def test_the_peak_would_be_nearly_a_third_of_all_purchases():
    assert "31 % of all 22,457" in " ".join(note.finding for note in data_notes(None))
    assert BUYERS < TRANSACTIONS


def test_only_recall_one_fits_the_f1_of_pre_addl():
    finding = model_notes()[0].finding

    assert "with 0.93 94.79" in finding
    assert "with 1.00 98.30" in finding
    assert "0.9665² = 0.9341" in finding


def test_the_rows_of_table_4_imply_one_test_set():
    finding = model_notes()[1].finding

    assert "Naïve Bayes 0.9664" in finding and "BERT 0.9667" in finding
    assert "2,664,312 / 2,756,101 = 0.9667" in finding


def test_the_file_of_mcprhrec_has_the_share_of_views_that_its_rows_imply():
    rows = {row.model: row for row in implied_rows()}
    finding = next(note.finding for note in model_notes() if note.reported.startswith("MCPRHRec"))

    assert rows["MCE-HSPRec"].f1_always_yes == pytest.approx(0.968, abs=0.0005)
    assert "0.9365 and 0.9375" in finding and "847,783 views and carts = 0.9363" in finding
    assert "inference" in finding


@pytest.mark.server
def test_a_loaded_shop_tells_the_same_kinds_of_figures(graph):
    from kartograph.evaluation.report.data_shop import shop_figures

    small_shop.fill(graph)
    figures = shop_figures(graph, "small", (("user", "2"), ("item", "103"), ("category", "4"), ("user", "99")))

    assert figures.events == {"view": 17, "cart": 1, "buy": 5, "borrow": 1}
    assert (figures.users, figures.buyers, figures.purchases) == (4, 4, 6)
    assert figures.top_customers == (("2", 2), ("3", 2), ("1", 1), ("4", 1))
    assert figures.purchases_by_hour[12:14] == (2, 4)
    assert figures.looked_up == {("user", "2"): 2, ("item", "103"): 2, ("category", "4"): 11, ("user", "99"): 0}
    rows = {table.name: table.rows for table in figures.tables}
    assert rows == {"Category": 5, "Event": 24, "Item": 7, "Session": 8, "User": 6}
