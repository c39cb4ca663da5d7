"""The parts of the ontology-based recommender."""

from kartograph.evaluation.papers.parts.part import Paper, Part

_SIMILARITY = "tests/ontology/test_similarity.py"
_STUDY = ("evaluation/papers/ontology/study.py", "evaluation/papers/ontology/tables.py")
_ONTOLOGY = "evaluate ontology"

ONTOLOGY = Paper(
    "The ontology-based relational recommender",
    "ontology",
    (
        Part(
            "2.1, sessions from access logs",
            ("loaders/access_log/visits.py", "loaders/access_log/sessions.py"),
            (),
            "load access-log",
            ("tests/loaders/access_log/test_visits.py", "tests/ontology/test_sessions.py"),
        ),
        Part(
            "Figure 2, pages as objects of the ontology",
            ("loaders/saved_pages.py", "loaders/access_log/pages.py"),
            (),
            "load pages",
            ("tests/loaders/test_saved_pages.py",),
        ),
        Part(
            "Figures 1 and 6, 3.1, ontology of books and authors",
            ("ontology/books.ttl", "ontology/owl/schema.py"),
            (),
            "load books",
            (f"{_SIMILARITY}::test_paper_quality_has_the_positions_of_the_paper",),
            "whole; the library at hand knows no price, area, binding and paper quality, so these are declared and "
            "absent",
        ),
        Part(
            "2.2.1, figures 3 to 5, genetic algorithm",
            ("ontology/weights/genetic.py",),
            (),
            "weigh --method genetic",
            (
                "tests/ontology/weights/test_genetic.py"
                "::test_of_25_crossovers_13_pair_neighbours_in_rank_and_12_the_best_with_the_worst",
            ),
        ),
        Part(
            "2.3, session extension",
            ("queries/ontology/session_objects.cypher",),
            (),
            "query ontology/session_objects",
            ("tests/ontology/graph/test_computed.py",),
        ),
        Part(
            "2.3.1, equation 2.9, purity",
            ("ontology/weights/purity.py",),
            (),
            "weigh --method purity",
            (
                "tests/ontology/weights/test_purity.py"
                "::test_what_visitors_stick_to_counts_fully_and_what_they_avoid_counts_its_ratio",
            ),
        ),
        Part(
            "2.4, CS, ECS, ED, EED-1 and EED-2, multi-valued attributes",
            ("ontology/similarity.py", "ontology/compare/kinds.py"),
            (),
            "compare",
            (
                f"{_SIMILARITY}::test_ed_of_two_books_by_hand",
                f"{_SIMILARITY}::test_sets_of_names_are_compared_by_intersection_over_union",
                f"{_SIMILARITY}::test_category_is_1_if_equal_a_half_within_its_group_and_0_otherwise",
            ),
            "whole; the formulas are lost in the text at hand, ours follow its words",
        ),
        Part(
            "2.5, figure 6, suggestions from the nearest cluster",
            ("ontology/suggest.py", "ontology/clusters.py"),
            (),
            "suggest",
            ("tests/ontology/test_clusters.py::test_only_the_nearest_cluster_is_searched_and_the_rest_is_saved",),
        ),
        Part(
            "Figure 7, Table 1, Markov chains of first and second order",
            _STUDY,
            ("markov",),
            _ONTOLOGY,
            ("tests/evaluation/papers/ontology/test_success.py::test_a_chain_suggests_what_followed_and_nothing_else",),
            "whole; the table's values are lost in the text at hand, only deviations are beside ours",
        ),
        Part(
            "Figures 7 to 9, the measures without weights, 5 and 10 clusters",
            _STUDY,
            (),
            _ONTOLOGY,
            (
                "tests/evaluation/papers/ontology/test_study.py"
                "::test_the_protocol_runs_on_any_ontology_with_sessions_or_a_log",
            ),
        ),
        Part(
            "Tables 2 and 3, thresholds of purity, weights of both methods",
            (*_STUDY, "evaluation/papers/ontology/learned.py"),
            (),
            _ONTOLOGY,
            (
                "tests/evaluation/papers/ontology/test_success.py"
                "::test_weights_of_a_fold_do_not_depend_on_its_test_sessions",
            ),
            "whole; the tables' values are lost in the text at hand",
        ),
        Part(
            "Figure 9 (the last), population and crossovers over all folds",
            _STUDY,
            (),
            _ONTOLOGY,
            (
                "tests/evaluation/papers/ontology/test_study.py"
                "::test_the_record_has_every_table_and_is_kept_where_the_report_looks",
            ),
        ),
        Part(
            "Tables 4 and 5, from the last two items; ECS weighted; Mann-Whitney",
            (*_STUDY, "evaluation/protocols/session_folds.py"),
            (),
            _ONTOLOGY,
            (
                "tests/evaluation/protocols/test_folds.py"
                "::test_the_mann_whitney_test_of_separate_samples_is_that_of_hand",
                "tests/ontology/test_suggest.py"
                "::test_what_the_last_two_lists_share_comes_first_and_the_last_one_s_list_fills_up",
            ),
            "whole; the tables' values are lost in the text at hand, only deviations are beside ours",
        ),
        Part(
            "4, future work: a session as one object",
            ("ontology/suggest.py",),
            (),
            "suggest --start profile",
            ("tests/ontology/test_suggest.py",),
        ),
    ),
)
