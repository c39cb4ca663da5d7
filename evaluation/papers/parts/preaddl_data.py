"""The parts of PRE-ADDL that are its review, its data and their preparation."""

from kartograph.evaluation.papers.parts.part import Part

_FIGURES = ("evaluation/report/data.py", "evaluation/report/sections/section_data.py")
_CHARTS = (*_FIGURES, "evaluation/report/charts/data.py")
_REPORT = "kartograph report --data FOLDER"
_OF_DATA = "tests/evaluation/report/test_data.py"
_COUNTED = f"{_OF_DATA}::test_events_and_purchases_are_counted"
_DRAWN = f"{_OF_DATA}::test_each_figure_of_the_paper_has_its_chart_and_its_numbers"
_NAMED = f"{_OF_DATA}::test_ids_that_a_paper_names_are_looked_up"
_NOTES = f"{_OF_DATA}::test_notes_on_the_data_stand_beside_ours"
_OF_PAIRS = "tests/models/preaddl/test_pairs.py"
_PAPERS_FILE = "whole; the paper's full file is not at hand, a part of it is (5,000 visitors)"

DATA = (
    Part(
        "Sections 1 and 2, figures 1 and 2, Table 1: web mining, recommenders, earlier work",
        state="a review in words and two overviews: nothing to build",
    ),
    Part(
        "Table 2, the three files and their columns",
        ("loaders/retailrocket.py", *_FIGURES),
        (),
        "kartograph load retailrocket FOLDER",
        (f"{_OF_DATA}::test_tables_have_their_rows_missing_values_and_first_rows",),
    ),
    Part(
        "Section 3: 1,407,580 visitors, of whom 11,719 (0.83 %) bought",
        ("evaluation/report/notes.py",),
        (),
        _REPORT,
        (_NOTES,),
        _PAPERS_FILE,
    ),
    Part(
        "Section 3: products that are often bought together",
        ("models/patterns/association_rules.py",),
        ("association-rules",),
        "kartograph train association-rules",
        ("tests/models/patterns/test_item_rules.py::test_association_rules_count_the_sessions_that_two_items_share",),
        "suggested by the paper, not shown there; counted in sessions, whatever their events",
    ),
    Part(
        "Figure 3, sample records",
        _FIGURES,
        (),
        _REPORT,
        (f"{_OF_DATA}::test_tables_have_their_rows_missing_values_and_first_rows",),
    ),
    Part(
        "Figure 4, missing values; “a legitimate value, 2733644”",
        _CHARTS,
        (),
        _REPORT,
        (f"{_OF_DATA}::test_what_is_missing_by_design_is_said_with_the_arithmetic", _DRAWN),
    ),
    Part(
        "Figure 5, views, carts and transactions",
        _CHARTS,
        (),
        _REPORT,
        (_COUNTED, f"{_OF_DATA}::test_bars_bear_their_counts", _DRAWN),
        _PAPERS_FILE,
    ),
    Part(
        "Figure 6, purchases of a customer on a logarithmic scale",
        _CHARTS,
        (),
        _REPORT,
        (_COUNTED, f"{_OF_DATA}::test_purchase_counts_are_on_log_scales", _DRAWN),
        _PAPERS_FILE,
    ),
    Part(
        "Figure 7, twenty customers; visitor 113086 with over 500 purchases",
        _CHARTS,
        (),
        _REPORT,
        (_COUNTED, _NOTES, _DRAWN),
        f"{_PAPERS_FILE}; the visitor has none there, 1150086 may be meant",
    ),
    Part(
        "Figure 8, hours of purchases; a peak of about 7,000",
        _CHARTS,
        (),
        _REPORT,
        (
            f"{_OF_DATA}::test_purchases_fall_into_hours_of_the_day",
            f"{_OF_DATA}::test_the_peak_would_be_nearly_a_third_of_all_purchases",
            f"{_OF_DATA}::test_the_peak_of_the_hours_stands_out",
        ),
        _PAPERS_FILE,
    ),
    Part("Figure 9, ten products", _CHARTS, (), _REPORT, (_COUNTED, _NAMED, _DRAWN), _PAPERS_FILE),
    Part("Figure 10, ten categories", _CHARTS, (), _REPORT, (_COUNTED, _NAMED, _DRAWN), _PAPERS_FILE),
    Part(
        "Section 3: events merged with item properties and category tree, aligned in time",
        ("models/preaddl/shop_events.py", "models/preaddl/timeline.py", "models/preaddl/features.py"),
        ("preaddl",),
        "kartograph evaluate preaddl FOLDER",
        (
            f"{_OF_PAIRS}::test_retailrockets_folder_gives_dated_properties",
            f"{_OF_PAIRS}::test_a_property_has_the_value_of_the_moment_and_counts_end_before_it",
            f"{_OF_PAIRS}::test_levels_and_roots_follow_the_tree_and_a_cycle_ends",
        ),
    ),
    Part(
        "Algorithm, step 1: missing values, label encoding, min-max scaling",
        ("models/preaddl/pairs.py", "models/preaddl/preparation.py", "models/preaddl/features.py"),
        ("preaddl",),
        "kartograph evaluate preaddl FOLDER",
        (
            f"{_OF_PAIRS}::test_what_is_missing_is_counted_and_a_zero_is_a_value",
            f"{_OF_PAIRS}::test_a_property_has_the_value_of_the_moment_and_counts_end_before_it",
        ),
        "whole; numbering and scale are learned of the training part alone",
    ),
    Part(
        "Algorithm, step 1: 80 % to learn from, 20 % to test on, positives and negatives balanced",
        ("models/preaddl/preparation.py", "models/preaddl/negatives.py"),
        ("preaddl",),
        "kartograph evaluate preaddl FOLDER --labels event --split random --balanced",
        (
            f"{_OF_PAIRS}::test_the_time_split_tests_the_latest_events_and_the_random_one_does_not",
            f"{_OF_PAIRS}::test_half_of_the_pairs_are_yes_and_no_negative_is_an_item_that_the_visitor_met",
            f"{_OF_PAIRS}::test_balanced_training_has_as_many_views_as_others_and_the_test_part_stays",
        ),
        "whole; by time, the abstract's temporal protocol, and at random, the algorithm's train_test_split: the paper "
        "has both",
    ),
)
