import json

import pytest
from tests.evaluation.report.records import full

from kartograph.evaluation.report.board_tables import (
    beyond_table,
    bucket_table,
    cold_table,
    confusion_table,
    cost_table,
    splits_table,
)
from kartograph.evaluation.report.leaderboard import (
    Cell,
    accuracy_of,
    comparable,
    heading_of,
    leaderboard_table,
    ranked,
    reported_table,
)
from kartograph.evaluation.report.records import leaderboards, read_records
from kartograph.evaluation.report.reported import (
    BENCHMARKS,
    INTERACTIONS,
    KNOWN_SUMS,
    SEQUENCES,
    TABLES,
    refuse_unknown_benchmark,
    tables_of,
)
from kartograph.tables.errors import BadInput


@pytest.fixture
def board_of(tmp_path):
    def made(*contents):
        for place, content in enumerate(contents):
            (tmp_path / f"r{place}.json").write_text(json.dumps(content), encoding="utf-8")
        [board] = leaderboards(read_records([tmp_path]))
        return board

    return made


def row_of(table, model):
    return next(row for row in table.rows if row.model == model)


def test_the_leaderboard_has_values_intervals_groups_and_the_best(board_of):
    table = leaderboard_table(board_of(full()))

    assert table.headings == ("HR@20,\u00a0%", "MRR@20,\u00a0%")
    assert row_of(table, "stan").cells == (Cell("51.23", "50.11–52.33", True, "a"), Cell("25.00", "", True))
    assert row_of(table, "markov").cells[0] == Cell("25.00", "24.00–26.00", False, "b")


def test_reported_figures_have_columns_of_their_own_and_models_of_others_come_last(board_of):
    table = leaderboard_table(board_of(full()))

    assert table.reported == ("HR@20,\u00a0%", "MRR@20,\u00a0%")
    assert row_of(table, "stan").reported == ("53.48", "26.81")
    theirs = [row for row in table.rows if row.is_reported]
    assert table.rows[-len(theirs) :] == tuple(theirs)
    assert theirs[0].model == "GraphFine"
    assert theirs[0].cells == ()
    assert "STAN" not in {row.model for row in theirs}


def test_a_measure_that_equals_another_in_every_model_has_no_column(board_of):
    content = full()
    for row in content["figures"].values():
        row["Precision@20"] = row["HR@20"] / 20

    assert accuracy_of(board_of(content)) == (
        ["HR@20", "MRR@20"],
        [("Recall@20", "HR@20"), ("Precision@20", "HR@20 / 20")],
    )


def test_models_stand_by_the_deciding_measure_of_the_protocol(board_of):
    content = full() | {"protocol": "interactions", "options": {}}
    content["figures"] = {
        "a": {"HR@20": 0.9, "Recall@20": 0.1},
        "b": {"HR@20": 0.1, "Recall@20": 0.9},
        "c": {"cases": 3},
    }

    assert ranked(board_of(content)) == ["b", "a", "c"]


def test_significance_letters_of_several_records_are_told_apart(board_of):
    other = full()
    other["figures"] = {"blend": {"HR@20": 0.6}}
    other["significance"]["HR@20"]["groups"] = {"blend": "a"}
    table = leaderboard_table(board_of(full(), other))

    assert row_of(table, "stan").cells[0].group == "1a"
    assert row_of(table, "blend").cells[0].group == "2a"


def test_beyond_accuracy_and_costs_have_tables_of_their_own(board_of):
    board = board_of(full())

    assert beyond_table(board).headings == ("Coverage@20,\u00a0%",)
    assert [cell.text for cell in row_of(cost_table(board), "stan").cells] == [
        *("3.8 s", "1.35", "5.40", "0.03", "812", "15,132", "7")
    ]


def test_costs_that_no_record_tells_have_no_column_and_single_ones_are_dashes(board_of):
    content = full() | {"timings": {"stan": {"fit_s": 1.0, "response_s": 0.63}}}
    table = cost_table(board_of(content))

    assert table.headings == ("Fitting", "Response", "Cases", "Unserved")
    assert [cell.text for cell in row_of(table, "stan").cells][:2] == ["1.0 s", "0.6 s"]
    assert [cell.text for cell in row_of(table, "markov").cells][:2] == ["–", "–"]


def test_headings_have_their_words_apart_and_their_unit():
    names = ("ColdUsersServed", "true_positives", "NDCG@20", "ROC_AUC")

    assert [heading_of(name) for name in names] == [
        *("Cold Users Served,\u00a0%", "true positives", "NDCG@20,\u00a0%", "ROC AUC,\u00a0%"),
    ]


def test_pairs_are_ranked_by_auc_and_have_their_calls(board_of):
    calls = {"true_positives": 30, "false_positives": 20, "true_negatives": 1000, "false_negatives": 4}
    figures = {"always-yes": {"F1": 0.9, "AUC": 0.5, "pairs": 1054}, "preaddl": {"F1": 0.8, "AUC": 0.7, "pairs": 1054}}
    content = {"protocol": "preaddl-event-time", "figures": figures, "confusion": {"preaddl": calls}}
    board = board_of(content | {"benchmark": "retailrocket"})

    assert ranked(board) == ["preaddl", "always-yes"]
    assert row_of(leaderboard_table(board), "preaddl").reported == ("98.30",)
    assert [cell.text for cell in row_of(confusion_table(board), "preaddl").cells] == ["30", "20", "1,000", "4"]
    assert cost_table(board).headings == ("Pairs",)


def test_every_window_is_shown_by_the_deciding_measure(board_of):
    table = splits_table(board_of(full() | {"splits": {"stan": [{"HR@20": 0.5}, {"HR@20": 0.25}]}}))

    assert table.headings == ("HR@20,\u00a0% 1", "HR@20,\u00a0% 2")
    assert [cell.text for cell in row_of(table, "stan").cells] == ["50.00", "25.00"]


def test_buckets_have_their_cases_in_the_heading(board_of):
    table = bucket_table(board_of(full()), "by_length", "HR@20")

    assert table.headings == ("1 (40 cases)", "2 and more (60 cases)")
    assert [cell.text for cell in row_of(table, "markov").cells] == ["21.00", "–"]


def test_cold_starts_show_who_is_served_and_how_well(board_of):
    content = full()
    content["cold"]["markov"]["one click"] = {"served": 0.5, "cases": 1200}
    table = cold_table(board_of(content))

    assert table.groups == (("no events", 2), ("one click (1,200)", 2))
    assert table.headings == ("served,\u00a0%", "HR@20,\u00a0%") * 2
    assert [cell.text for cell in row_of(table, "stan").cells] == ["0.00", "0.00", "87.50", "33.00"]
    assert [cell.text for cell in row_of(table, "markov").cells] == ["0.00", "–", "50.00", "–"]


def test_figures_are_comparable_only_with_as_many_cases_and_the_same_options(board_of):
    fewer = full()
    for row in fewer["figures"].values():
        row["cases"] = 100

    assert comparable(board_of(full()), SEQUENCES)
    assert not comparable(board_of(fewer), SEQUENCES)
    seen = full() | {"options": {"k": 20, "mask": "seen"}, "protocol": "interactions"}
    for row in seen["figures"].values():
        row["cases"] = INTERACTIONS.cases
    assert not comparable(board_of(seen), INTERACTIONS)


def test_reported_tables_are_found_by_the_protocols_name_and_the_data():
    assert [table.protocol for table in tables_of("session-windows", "retailrocket")] == ["windows"]
    assert [table.protocol for table in tables_of("last_week", "retailrocket")] == ["lastweek"]
    assert tables_of("my own", "retailrocket") == []
    assert [table.title[:20] for table in tables_of("sequences", "tmall-clicks")] == ["Next click in Tmall "]
    assert {table.benchmark for table in TABLES} <= set(BENCHMARKS)
    assert set(KNOWN_SUMS.values()) <= set(BENCHMARKS)


def test_reported_figures_stand_only_beside_the_data_that_they_belong_to(board_of):
    content = full()
    del content["benchmark"]
    known = next(found for found, name in KNOWN_SUMS.items() if name == "retailrocket-clicks")

    other = leaderboard_table(board_of(content))
    by_its_sum = leaderboard_table(board_of(content | {"data": {"train_sha256": known, "test_sha256": "any"}}))

    assert other.reported == ()
    assert not any(row.is_reported for row in other.rows)
    assert by_its_sum.reported == ("HR@20,\u00a0%", "MRR@20,\u00a0%")
    with pytest.raises(BadInput, match=r"no benchmark 'mine'\. Names are retailrocket-clicks: the split of DHCN"):
        refuse_unknown_benchmark("mine")


def test_a_reported_table_is_as_it_was_printed():
    table = reported_table(SEQUENCES)

    assert row_of(table, "GraphFine").reported == ("58.85", "31.17")
    assert table.headings == ()
