"""The parts of PRE-ADDL."""

from kartograph.evaluation.papers.parts.part import Paper, Part

PREADDL = Paper(
    "PRE-ADDL",
    "preaddl",
    (
        Part(
            "Table 2 and figures 3 to 10, the data",
            ("evaluation/report/data.py", "evaluation/report/sections/section_data.py"),
            (),
            "report --data",
            ("tests/evaluation/report/test_data.py::test_each_figure_of_the_paper_has_its_chart_and_its_numbers",),
        ),
        Part(
            "Preparation: missing values, encoding, scaling",
            ("models/preaddl/pairs.py", "models/preaddl/preparation.py", "models/preaddl/features.py"),
            ("preaddl",),
            "evaluate preaddl",
            ("tests/models/preaddl/test_pairs.py",),
        ),
        Part(
            "Figures 11 and 12, the network",
            ("models/preaddl/paper/network.py", "models/preaddl/paper/diagram.py", "docs/preaddl.md"),
            ("preaddl",),
            "train preaddl",
            ("tests/models/preaddl/paper/test_model.py::test_the_network_is_the_formula_of_its_docstring",),
        ),
        Part(
            "The algorithm, steps 1 to 4, and its equations",
            ("models/preaddl/preparation.py", "models/preaddl/paper/network.py", "models/preaddl/paper/model.py"),
            ("preaddl",),
            "train preaddl",
            (
                "tests/models/preaddl/paper/test_model.py::"
                "test_popular_items_come_first_for_everybody_and_unknown_visitors_are_served",
            ),
            "whole but for one sentence: recommendations of low confidence are not left out; the scores are logits, "
            "and `probability` of the model turns them into what a caller may cut at",
        ),
        Part(
            "CNN, RNN and transformer encoders, the other reading of the deep branch",
            ("models/preaddl/paper/network.py", "models/preaddl/paper/variants.py"),
            ("preaddl-cnn", "preaddl-rnn", "preaddl-transformer", "preaddl-deep"),
            "evaluate preaddl",
            (
                "tests/models/preaddl/paper/test_model.py::"
                "test_the_other_readings_train_and_rank_and_encoders_need_recent_items",
            ),
        ),
        Part(
            "Claims of the text: 97, 78, 16 and 57 % faster, 0.63 s, scores up to 0.0257",
            ("evaluation/papers/preaddl/claims.py",),
            (),
            "evaluate preaddl",
            ("tests/evaluation/papers/preaddl/test_tables.py",),
            "measured beside what was reported; the paper's machine is not described",
        ),
        Part(
            "Attention on the graph",
            ("models/preaddl/attention/model.py", "models/preaddl/attention/encoders.py"),
            ("preaddl-graph", "preaddl-hetero"),
            "train preaddl-graph",
            ("tests/models/preaddl/test_from_graph.py",),
            "not of the paper: what goes past it",
        ),
        Part(
            "Table 3 and figure 13, times",
            ("evaluation/papers/preaddl/tables.py", "evaluation/papers/preaddl/charts.py"),
            (),
            "evaluate preaddl",
            ("tests/evaluation/papers/preaddl/test_tables.py",),
            "measured here; the paper's machine is not described, and 3 minutes and 0.63 s stand for one answer",
        ),
        Part(
            "Table 4, quality beside BERT, SVM, k nearest neighbours, naive Bayes and decision tree",
            ("evaluation/papers/preaddl/compare.py", "models/preaddl/baselines.py", "models/preaddl/bert.py"),
            (),
            "evaluate preaddl --labels",
            (
                "tests/evaluation/report/test_arithmetic.py::"
                "test_all_rows_of_pre_addl_imply_one_share_of_positives_that_of_the_views",
                "tests/models/preaddl/test_baselines.py",
            ),
            "read as one test set, is this event a view: columns exchanged in print, an inference; the data set is at "
            "hand in parts only (5,000 visitors)",
        ),
        Part(
            "Table 1 and sections 1 and 2, earlier work",
            (),
            state="a review in words: nothing to build",
        ),
    ),
)
