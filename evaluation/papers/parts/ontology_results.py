"""The parts of the ontology-based recommender that are its results."""

from kartograph.evaluation.papers.parts.part import Part

_STUDY = ("evaluation/papers/ontology/study.py", "evaluation/papers/ontology/tables.py")
_LEARNED = (*_STUDY, "evaluation/papers/ontology/learned.py")
_OF_STUDY = "tests/evaluation/papers/ontology/test_study.py"
_RECORD = f"{_OF_STUDY}::test_the_record_has_every_table_and_is_kept_where_the_report_looks"
_OF_SUCCESS = "tests/evaluation/papers/ontology/test_success.py"
_CHAIN = f"{_OF_SUCCESS}::test_a_chain_suggests_what_followed_and_nothing_else"
_OF_FOLD = f"{_OF_SUCCESS}::test_weights_of_a_fold_do_not_depend_on_its_test_sessions"
_ONTOLOGY = "kartograph evaluate ontology FOLDER"
_LOST = "whole; its values are lost in the text at hand, only deviations are beside ours"

RESULTS = (
    Part(
        "3.1, counts: 2,222 books, 925 authors, 4,317 sessions, 2,791 of two or more, 3.18 long; 2.4 books per author",
        (*_STUDY, "evaluation/papers/ontology/reported.py"),
        (),
        _ONTOLOGY,
        (_RECORD,),
        "beside ours, which are a library's and a blog's",
    ),
    Part(
        "3.2, success: a suggested item comes later in the session",
        ("evaluation/papers/ontology/success.py",),
        (),
        _ONTOLOGY,
        (
            f"{_OF_SUCCESS}::test_from_the_first_item_all_others_are_to_be_found",
            f"{_OF_SUCCESS}::test_ties_count_with_their_chance",
        ),
        "whole; tied items count with their chance",
    ),
    Part(
        "3.3.1, first figure 7, transitions of a Markov chain",
        ("models/patterns/markov.py", "models/patterns/transitions.py"),
        ("markov",),
        "kartograph recommend markov --session ID",
        ("tests/models/patterns/test_item_rules.py::test_a_first_order_chain_gives_the_share_of_each_follower", _CHAIN),
    ),
    Part(
        "Table 1, chains of first and second order in ten folds; the second order 15 % behind",
        _STUDY,
        ("markov", "markov-2"),
        _ONTOLOGY,
        (_CHAIN, "tests/evaluation/protocols/test_folds.py", _RECORD),
        _LOST,
    ),
    Part(
        "Second figure 7, the five measures without weights and clusters: 17, 26, 34 and 44 %",
        _STUDY,
        (),
        _ONTOLOGY,
        (f"{_OF_STUDY}::test_the_protocol_runs_on_any_ontology_with_sessions_or_a_log", _RECORD),
        "whole; of its values these four, for three suggestions, are in the text at hand",
    ),
    *(
        Part(
            f"{figure}, {number} clusters: success {success} %, search space {space} %",
            (*_STUDY, "ontology/clusters.py"),
            (),
            _ONTOLOGY,
            (
                f"{_OF_SUCCESS}::test_clusters_keep_the_search_inside_of_the_nearest",
                "tests/ontology/test_clusters.py::test_only_the_nearest_cluster_is_searched_and_the_rest_is_saved",
                _RECORD,
            ),
        )
        for figure, number, success, space in (("Figure 8", 5, -28, -63), ("First figure 9", 10, -40, -71))
    ),
    Part(
        "3.3.2, eleven genes of book and author",
        ("ontology/weights/genetic.py",),
        (),
        "kartograph weigh --method genetic",
        (
            "tests/ontology/test_similarity.py"
            "::test_asked_for_all_attributes_the_extended_measures_have_the_paper_s_eleven_genes",
        ),
        "whole; the library at hand knows seven of them",
    ),
    Part(
        "Table 2, thresholds of purity, 1.20 the best",
        _LEARNED,
        (),
        _ONTOLOGY,
        (_RECORD, "tests/ontology/weights/test_purity.py::test_the_threshold_decides_between_important_and_not"),
        "whole; its values are lost in the text at hand",
    ),
    Part(
        "Table 3, EED-1 weighted by both methods, 62 % by purity", _LEARNED, (), _ONTOLOGY, (_OF_FOLD, _RECORD), _LOST
    ),
    Part(
        "3.3.2, Mann-Whitney tests against the chains",
        (*_STUDY, "evaluation/protocols/session_folds.py"),
        (),
        _ONTOLOGY,
        (
            "tests/evaluation/protocols/test_folds.py::test_the_mann_whitney_test_of_separate_samples_is_that_of_hand",
            _RECORD,
        ),
        "whole; Wilcoxon's test on the sessions, which are paired, stands beside it",
    ),
    Part(
        "Second figure 9, chromosomes and crossovers",
        _LEARNED,
        (),
        _ONTOLOGY,
        (_RECORD, f"{_OF_SUCCESS}::test_the_shared_fitness_is_the_success_on_the_learning_sessions"),
        "whole, over all folds; its values are lost in the text at hand",
    ),
    Part(
        "Table 4, from the last two objects: what their lists share, filled up by the last one's",
        (*_STUDY, "evaluation/papers/ontology/scorers.py"),
        (),
        "kartograph suggest --seen ID --seen ID --start last-two",
        (
            f"{_OF_SUCCESS}::test_the_lists_of_the_last_two_items_have_their_common_part_first",
            "tests/ontology/test_suggest.py"
            "::test_what_the_last_two_lists_share_comes_first_and_the_last_one_s_list_fills_up",
        ),
        _LOST,
    ),
    Part(
        "Table 5, (2.14), ECS weighted by both methods",
        _LEARNED,
        (),
        _ONTOLOGY,
        ("tests/ontology/test_similarity.py::test_weights_enter_cs_squared", _OF_FOLD, _RECORD),
        _LOST,
    ),
)
