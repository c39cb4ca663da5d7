"""The parts of PRE-ADDL that are its network, its algorithm and its results; preaddl_data.py has those before."""

from kartograph.evaluation.papers.parts.part import Paper, Part
from kartograph.evaluation.papers.parts.preaddl_data import DATA

_NETWORK = "models/preaddl/paper/network.py"
_MODEL = "models/preaddl/paper/model.py"
_OF_MODEL = "tests/models/preaddl/paper/test_model.py"
_FORMULA = f"{_OF_MODEL}::test_the_network_is_the_formula_of_its_docstring"
_OF_TABLES = "tests/evaluation/papers/preaddl/test_tables.py"
_CLAIMS = f"{_OF_TABLES}::test_claims_stand_beside_the_same_comparison_and_are_empty_without_their_models"
_ARITHMETIC = "tests/evaluation/report/test_arithmetic.py"
_EVENT = "kartograph evaluate preaddl FOLDER --labels event"
_ENCODERS = ("preaddl-cnn", "preaddl-rnn", "preaddl-transformer")
_MACHINE = "measured beside what was reported; the paper's machine is not described"

PREADDL = Paper(
    "PRE-ADDL",
    "preaddl",
    (
        *DATA,
        Part(
            "Figure 11, from the data to the trained model and its evaluation",
            ("evaluation/papers/reproduce.py", "evaluation/papers/preaddl/compare.py"),
            ("preaddl",),
            "kartograph reproduce preaddl FOLDER",
            (
                "tests/evaluation/papers/test_reproduce.py::"
                "test_the_page_of_preaddl_has_the_honest_task_and_how_alike_visitors_are_beside_the_paper_s",
            ),
        ),
        Part(
            "Figure 12 and its layers, by the paper's names",
            (_NETWORK, "models/preaddl/paper/diagram.py", "docs/preaddl.md"),
            ("preaddl",),
            "kartograph train preaddl",
            (_FORMULA, f"{_OF_MODEL}::test_the_page_with_the_diagram_is_not_stale"),
        ),
        Part(
            "Layer drop1_with_attention, a second Dense whose name suggests another input",
            (_NETWORK,),
            ("preaddl-deep",),
            "kartograph train preaddl-deep",
            (f"{_OF_MODEL}::test_the_other_readings_train_and_rank_and_encoders_need_recent_items",),
            "whole, in both readings: on [E_v ; E_i], as the figure draws it, or on the first dropout",
        ),
        Part("Equations of E_v, E_i and h", (_NETWORK,), ("preaddl",), "kartograph train preaddl", (_FORMULA,)),
        Part(
            "Equations of h₁ and a",
            (_NETWORK,),
            ("preaddl",),
            "kartograph train preaddl",
            (_FORMULA,),
            "whole; σ of h₁ is a sigmoid, and an option",
        ),
        Part(
            "Equation of h', the “weighted sum”",
            (_NETWORK,),
            ("preaddl",),
            "kartograph train preaddl",
            (_FORMULA,),
            "whole; read as a ⊙ h₁, for a Dense of 32 follows in figure 12",
        ),
        Part(
            "Equation of y",
            (_NETWORK,),
            ("preaddl",),
            "kartograph train preaddl",
            (_FORMULA,),
            "whole; the layers that figure 12 has between h' and y are there",
        ),
        Part(
            "Algorithm, step 2: numerical features through a Dense of their own, merged; sigmoid, Adam, cross-entropy",
            (_NETWORK, "models/preaddl/training.py", "models/preaddl/paper/task.py"),
            ("preaddl",),
            "kartograph train preaddl",
            (_FORMULA, f"{_OF_MODEL}::test_the_numeric_branch_is_off_without_features"),
        ),
        Part(
            "Algorithm, step 3: batches, epochs, dropout, validation against overfitting",
            ("models/preaddl/training.py",),
            ("preaddl",),
            "kartograph train preaddl --epochs 5",
            (f"{_OF_MODEL}::test_early_stopping_keeps_the_best_epoch",),
            "whole; the paper prints no batch size, epochs and dropout, ours are presets",
        ),
        Part(
            "Algorithm, step 3: confusion matrix, precision, recall, F1",
            ("evaluation/papers/preaddl/tables.py", "evaluation/papers/preaddl/charts.py"),
            ("preaddl",),
            "kartograph evaluate preaddl FOLDER --charts CHARTS",
            (f"{_OF_TABLES}::test_every_chart_is_written",),
        ),
        Part(
            "Algorithm, step 4: products ranked by probability; top 5 of the abstract",
            (_MODEL,),
            ("preaddl",),
            "kartograph recommend preaddl --user ID --top 5",
            (f"{_OF_MODEL}::test_popular_items_come_first_for_everybody_and_unknown_visitors_are_served",),
        ),
        Part(
            "Algorithm, step 4: low-confidence recommendations are filtered out",
            (_MODEL,),
            ("preaddl",),
            "kartograph train preaddl --option confidence=0.5",
            (f"{_OF_MODEL}::test_items_of_low_confidence_are_not_recommended",),
            "whole; the paper prints no threshold, the preset has none",
        ),
        Part(
            "Section 4: learning-rate schedule, network depth",
            ("models/preaddl/training.py", _NETWORK),
            ("preaddl",),
            "kartograph train preaddl --option network.depth=2 --option training.schedule=one-cycle",
            (
                "tests/models/preaddl/test_training.py::test_the_rate_falls_to_a_hundredth_along_a_cosine",
                f"{_OF_MODEL}::test_a_sequence_encoder_reads_the_items_seen_before_and_no_padding",
            ),
        ),
        Part(
            "Section 4: attention with CNNs, RNNs or transformers",
            (_NETWORK, "models/preaddl/paper/variants.py"),
            _ENCODERS,
            "kartograph evaluate preaddl FOLDER --models preaddl,preaddl-cnn,preaddl-rnn,preaddl-transformer",
            (
                f"{_OF_MODEL}::test_a_sequence_encoder_reads_the_items_seen_before_and_no_padding",
                f"{_OF_MODEL}::test_the_other_readings_train_and_rank_and_encoders_need_recent_items",
            ),
            "whole; the paper names them and shows none",
        ),
        Part(
            "Table 3 and figure 13, times of training, test and response",
            ("evaluation/papers/preaddl/tables.py", "evaluation/papers/preaddl/charts.py"),
            (),
            "kartograph evaluate preaddl FOLDER --charts CHARTS",
            (
                f"{_OF_TABLES}::test_drawn_items_were_not_the_papers_question_but_times_are_times",
                f"{_OF_TABLES}::test_every_chart_is_written",
            ),
            f"{_MACHINE}, and 3 minutes and 0.63 s stand for one answer",
        ),
        Part(
            "Table 4, quality beside BERT, SVM, k nearest neighbours, naive Bayes and decision tree",
            ("evaluation/papers/preaddl/compare.py", "models/preaddl/baselines.py", "models/preaddl/bert.py"),
            ("preaddl",),
            _EVENT,
            (
                f"{_ARITHMETIC}::test_all_rows_of_pre_addl_imply_one_share_of_positives_that_of_the_views",
                f"{_OF_TABLES}::"
                "test_reported_figures_stand_beside_the_question_that_they_answer_and_never_in_our_columns",
                "tests/models/preaddl/test_baselines.py",
            ),
            "read as one test set, is this event a view: columns exchanged in print, an inference; the data set is at "
            "hand in parts only (5,000 visitors)",
        ),
        Part(
            "Claim: accuracy of about 97 %",
            ("evaluation/papers/preaddl/claims.py",),
            ("preaddl",),
            _EVENT,
            (_CLAIMS, f"{_ARITHMETIC}::test_pre_addls_row_is_what_always_view_scores"),
            "measured beside always-view, which has the same",
        ),
        Part(
            "Claims: 97 % less training than BERT, 78 % less than “SVD”",
            ("evaluation/papers/preaddl/claims.py",),
            (),
            _EVENT,
            (_CLAIMS,),
            f"{_MACHINE}; the 78 % are those of SVM in Table 3",
        ),
        Part(
            "Claim: 16 % less test time than naive Bayes",
            ("evaluation/papers/preaddl/claims.py",),
            (),
            _EVENT,
            (_CLAIMS,),
            _MACHINE,
        ),
        Part(
            "Claims: response 57 % faster than BERT, and in 0.63 s",
            ("evaluation/papers/preaddl/claims.py",),
            (),
            _EVENT,
            (_CLAIMS,),
            f"{_MACHINE}; Table 3 has 3 minutes",
        ),
        Part(
            "Claim: scores of recommended items up to 0.0257",
            ("evaluation/papers/preaddl/claims.py",),
            (),
            _EVENT,
            (_CLAIMS,),
            "measured beside what was reported; what was scored is not said",
        ),
        Part(
            "Section 5, future work: hybrid with collaborative filtering; class imbalance; real time",
            ("models/blend/model.py", "models/preaddl/paper/task.py", "serving/app.py"),
            ("blend",),
            "kartograph evaluate preaddl FOLDER --loss focal",
            (f"{_OF_MODEL}::test_weights_and_focal_loss_change_what_imbalance_costs",),
            "there; reinforcement learning, named beside them, is not",
        ),
        Part(
            "Attention on the graph",
            ("models/preaddl/attention/model.py", "models/preaddl/attention/encoders.py"),
            ("preaddl-graph", "preaddl-hetero"),
            "kartograph train preaddl-graph --enrich",
            ("tests/models/preaddl/test_from_graph.py",),
            "not of the paper: what goes past it",
        ),
    ),
)
