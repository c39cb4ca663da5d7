"""Each module, equation, table and figure of the three papers, where it is here, and what is out of reach and why.

    python -m kartograph.evaluation.papers.coverage        # docs/papers.md anew

A test checks that every file, preset, command and test exists and that the page is not stale.
"""

from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "papers.md"
WHOLE = "whole"


@dataclass(frozen=True)
class Part:
    """One part of a paper."""

    part: str
    """As the paper calls it."""
    files: tuple[str, ...]
    """Where it is, from the repository's root."""
    presets: tuple[str, ...] = ()
    """Names of `kartograph models`."""
    command: str = ""
    """What shows it, without `kartograph`."""
    tests: tuple[str, ...] = ()
    """`file` or `file::name`, with the paper's own example where it has one."""
    state: str = WHOLE
    """`whole`, or what is out of reach and why."""


@dataclass(frozen=True)
class Paper:
    """A paper and its parts."""

    title: str
    name: str
    """Of `kartograph reproduce`."""
    parts: tuple[Part, ...] = field(default_factory=tuple)


_FAMILY = ("hsprec", "mce-hsprec", "mcprhrec")
_RULES = "tests/models/patterns/test_rules.py"
_SIMILARITY = "tests/ontology/test_similarity.py"
_STUDY = ("evaluation/papers/ontology/study.py", "evaluation/papers/ontology/tables.py")
_ONTOLOGY = "evaluate ontology"

MCPRHREC = Paper(
    "MCPRHRec, MCE-HSPRec and HSPRec (Almu and Ainu 2025)",
    "mcprhrec",
    (
        Part(
            "Figure 1, dataflow",
            ("evaluation/papers/mcprhrec_flow.py", "docs/mcprhrec.md"),
            ("mcprhrec",),
            "",
            ("tests/evaluation/papers/test_mcprhrec_flow.py",),
        ),
        Part(
            "Table 1.1, sequential pattern mining (GSP) by day, week and month",
            ("models/patterns/gsp.py", "models/patterns/databases.py"),
            _FAMILY,
            "patterns",
            (
                "tests/models/patterns/test_gsp.py::test_patterns_and_supports_are_those_of_trying_everything",
                f"{_RULES}::test_days_weeks_and_months_are_those_of_the_calendar",
            ),
        ),
        Part(
            "Table 1.2, user-item purchase frequency matrix",
            ("models/mcprhrec/user_items.py",),
            _FAMILY,
            "",
            ("tests/models/mcprhrec/test_user_items.py::test_how_often_is_relative_to_the_item_bought_most",),
        ),
        Part(
            "Table 1.3, sequential rules: clicked I3 and I5, so I4",
            ("models/patterns/rules.py",),
            (*_FAMILY, "mcprhrec-short-rules", "mcprhrec-no-periods", "mcprhrec-no-patterns"),
            "patterns",
            (
                "tests/models/mcprhrec/test_presets.py"
                "::test_the_papers_presets_know_that_who_clicks_three_and_five_buys_four",
                "tests/models/mcprhrec/test_user_items.py::test_who_clicked_three_and_five_is_offered_four",
            ),
        ),
        Part(
            "Table 1.4, click-purchase similarity of (I5, I3, I1, I3, I4, I5) and (I4, I3, I1)",
            ("models/mcprhrec/click_purchase.py",),
            _FAMILY,
            "",
            (
                "tests/models/mcprhrec/test_click_purchase.py"
                "::test_the_first_user_of_the_paper_is_as_similar_as_the_formula_says",
                "tests/models/mcprhrec/test_user_items.py"
                "::test_the_first_user_of_the_paper_is_offered_five_who_bought_other_items",
            ),
            "whole; the weights 0.8 and 0.2 are of the work that the paper builds on, it prints none",
        ),
        Part(
            "Table 1.5, weighted frequent purchase patterns",
            ("models/mcprhrec/user_items.py",),
            _FAMILY,
            "",
            (
                "tests/models/mcprhrec/test_user_items.py::test_rules_weigh_by_support_or_by_the_users_who_followed_them",
            ),
        ),
        Part(
            "3.2.1, user-category matrix of purchases",
            ("models/mcprhrec/categories.py", "graph/enrichment/preferences.py"),
            ("mce-hsprec", "mcprhrec-filled-categories"),
            "enrich",
            (
                "tests/models/mcprhrec/test_five_nodes.py::test_pagerank_and_preferences_are_those_of_the_equation",
                "tests/graph/enrichment/test_enrich.py::test_preferences_count_purchases",
            ),
        ),
        Part(
            "3.2.2, equation 1, category co-occurrence graph in user sessions",
            ("models/mcprhrec/category_pairs.py", "tables/derived/co_occurrence.py"),
            ("mce-hsprec", "mcprhrec-histories", "mcprhrec-no-co-occurrence"),
            "enrich",
            (
                "tests/models/mcprhrec/test_category_pairs.py::test_co_occurrence_is_frequency_over_distance",
                "tests/models/mcprhrec/test_category_pairs.py::test_the_readings_of_the_lost_equation_are_options",
            ),
            "whole; the equation is lost in the text at hand, frequency over distance is our reading and two more are "
            "options",
        ),
        Part(
            "3.3, equation 2, Monte Carlo PageRank on the user-category graph",
            ("graph/walks/user_categories.py", "graph/walks/monte_carlo.py", "graph/enrichment/user_pagerank.py"),
            ("mcprhrec", "mcprhrec-personalised"),
            "enrich",
            (
                "tests/graph/walks/test_user_categories.py"
                "::test_exact_shares_solve_the_equation_and_walks_come_near_them",
                "tests/graph/enrichment/test_user_pagerank.py"
                "::test_walks_come_as_near_to_gds_as_the_bound_says_and_a_new_run_replaces_the_old_one",
            ),
            "whole; the equation is lost in the text at hand, walks are read as those of Avrachenkov et al. (2007)",
        ),
        Part(
            "3.4, combination, normalisation and collaborative filtering, K = 20 and 50",
            ("models/mcprhrec/model.py", "models/mcprhrec/profiles.py"),
            (*_FAMILY, "hsprec-50", "mce-hsprec-50", "mcprhrec-50", "mcprhrec-no-cf", "mcprhrec-tuned"),
            "explain",
            (
                "tests/models/mcprhrec/test_five_nodes.py::test_scores_are_the_sum_of_their_parts",
                "tests/models/mcprhrec/test_on_graph.py::test_the_model_from_the_graph_equals_the_one_from_tables",
            ),
            "whole; the paper prints no weights, ours are the best on validation cases",
        ),
        Part(
            "Figures 2 to 5 and Table 2, five folds with new users",
            ("evaluation/protocols/user_folds.py", "evaluation/papers/reproduce.py"),
            _FAMILY,
            "evaluate folds",
            (
                "tests/evaluation/protocols/test_folds.py"
                "::test_every_user_is_tested_in_one_fold_and_a_quarter_of_a_fold_is_new",
                "tests/evaluation/papers/test_reproduce.py"
                "::test_the_page_of_mcprhrec_has_reported_and_measured_figures_and_what_they_hide",
            ),
            "the protocol whole; the paper's file is not at hand: a generated shop with its counts stands in, and "
            "anybody who has it can run it",
        ),
        Part(
            "Section 2, the systems it reviews",
            ("models/mcprhrec/relatives.py", "models/mcprhrec/husrec.py", "models/mcprhrec/semsrec.py"),
            ("hpcrec", "hope", "seers", "musif", "uibb", "husrec", "semsrec", "hcr"),
            "",
            ("tests/models/mcprhrec/test_reviewed_systems.py",),
            "as far as the review describes them; those that read texts of products and reviews (hybrid of "
            "probabilistic factorisation and CNN, DeepIDRS) need texts that no data here has",
        ),
    ),
)

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
            "Claims of the text: 97, 16 and 57 % faster, 0.63 s, scores up to 0.0257",
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

PAPERS = (PREADDL, MCPRHREC, ONTOLOGY)


def page() -> str:
    """The page."""
    parts = [
        "# The three papers, part by part",
        "Made by `python -m kartograph.evaluation.papers.coverage` from the code; a test fails where a file, a preset, "
        "a command or a test is not there. `kartograph reproduce NAME` runs a paper's protocol and writes its page.",
    ]
    for paper in PAPERS:
        parts.append(f"## {paper.title}: `reproduce {paper.name}`")
        rows = ["| part | files | presets | command | tests | state |", "| --- | --- | --- | --- | --- | --- |"]
        rows += [
            f"| {part.part} | {_code(part.files)} | {_code(part.presets)} | {_code((part.command,))} "
            f"| {_code(part.tests)} | {part.state} |"
            for part in paper.parts
        ]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names if name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
