"""The parts of MCPRHRec, MCE-HSPRec and HSPRec."""

from kartograph.evaluation.papers.parts.part import Paper, Part

_FAMILY = ("hsprec", "mce-hsprec", "mcprhrec")
_RULES = "tests/models/patterns/test_rules.py"

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
