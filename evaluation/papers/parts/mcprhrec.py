"""The parts of MCPRHRec, MCE-HSPRec and HSPRec; reviewed.py has the systems that the paper reviews."""

from kartograph.evaluation.papers.parts.part import Paper, Part
from kartograph.evaluation.papers.parts.reviewed import REVIEWED

_FAMILY = ("hsprec", "mce-hsprec", "mcprhrec")
_OF_RULES = "tests/models/patterns/test_rules.py"
_OF_CELLS = "tests/models/mcprhrec/test_user_items.py"
_OF_MODEL = "tests/models/mcprhrec/test_model.py"
_OF_FIVE = "tests/models/mcprhrec/test_five_nodes.py"
_OF_PRESETS = "tests/models/mcprhrec/test_presets.py"
_OF_FOLDS = "tests/evaluation/protocols/test_folds.py"
_OF_ARITHMETIC = "tests/evaluation/report/test_arithmetic.py"
_PAGE = (
    "tests/evaluation/papers/test_reproduce.py"
    "::test_the_page_of_mcprhrec_has_reported_and_measured_figures_and_what_they_hide"
)
_PROTOCOL = ("evaluation/protocols/user_folds.py", "evaluation/papers/reproduce.py")
_ITS_FOLDS = "kartograph evaluate folds FILE --include-seen --share 0.937"
_STANDS_IN = (
    "measured beside what was reported; the paper's file is not at hand: a generated shop with its counts stands in, "
    "and anybody who has it can run it"
)

MCPRHREC = Paper(
    "MCPRHRec, MCE-HSPRec and HSPRec (Almu and Ainu 2025)",
    "mcprhrec",
    (
        Part(
            "Figure 1, dataflow",
            ("evaluation/papers/mcprhrec_flow.py", "docs/mcprhrec.md"),
            ("mcprhrec",),
            "python -m kartograph.evaluation.papers.mcprhrec_flow",
            ("tests/evaluation/papers/test_mcprhrec_flow.py",),
            "whole; drawn of a run, with its numbers",
        ),
        Part(
            "Table 1.1, sequential pattern mining (GSP)",
            ("models/patterns/gsp.py",),
            _FAMILY,
            "kartograph patterns",
            ("tests/models/patterns/test_gsp.py::test_patterns_and_supports_are_those_of_trying_everything",),
        ),
        Part(
            "Table 1.1, click sequences and purchase sequences",
            ("models/patterns/databases.py",),
            _FAMILY,
            "kartograph patterns",
            (f"{_OF_RULES}::test_clicks_and_purchases_are_sequences_of_their_own",),
        ),
        Part(
            "Table 1.1, consequential rules from clicks to purchases",
            ("models/patterns/rules.py", "models/patterns/in_graph.py"),
            (*_FAMILY, "mcprhrec-no-patterns"),
            "kartograph patterns",
            (f"{_OF_RULES}::test_consequential_rules_count_who_clicked_and_then_bought",),
        ),
        Part(
            "Section 2 on HSPRec: patterns of days, weeks and months (SHOD)",
            ("models/patterns/databases.py",),
            (*_FAMILY, "mcprhrec-no-periods"),
            "kartograph patterns --period week",
            (
                f"{_OF_RULES}::test_days_weeks_and_months_are_those_of_the_calendar",
                f"{_OF_PRESETS}::test_the_papers_presets_are_what_the_paper_says",
            ),
        ),
        Part(
            "Table 1.2, user-item purchase frequency matrix",
            ("models/mcprhrec/user_items.py",),
            _FAMILY,
            "kartograph train hsprec",
            (f"{_OF_CELLS}::test_how_often_is_relative_to_the_item_bought_most",),
        ),
        Part(
            "Table 1.3, sequential rules: who clicked I3 and I5 is likely to buy I4",
            ("models/patterns/rules.py", "models/mcprhrec/user_items.py"),
            (*_FAMILY, "mcprhrec-short-rules"),
            "kartograph train hsprec",
            (
                f"{_OF_PRESETS}::test_the_papers_presets_know_that_who_clicks_three_and_five_buys_four",
                f"{_OF_CELLS}::test_who_clicked_three_and_five_is_offered_four",
            ),
        ),
        Part(
            "Table 1.4, click-purchase similarity, by sequence and by frequency",
            ("models/mcprhrec/click_purchase.py",),
            _FAMILY,
            "kartograph train hsprec --option user_items.similarity.measure=precedes",
            (
                "tests/models/mcprhrec/test_click_purchase.py"
                "::test_the_first_user_of_the_paper_is_as_similar_as_the_formula_says",
                "tests/models/mcprhrec/test_click_purchase.py"
                "::test_precedes_is_the_share_of_purchases_that_a_click_came_before",
            ),
            "whole; the weights 0.8 and 0.2 are of the work that the paper builds on, it prints none; how often clicks "
            "precede purchases is an option",
        ),
        Part(
            "Table 1.4, user 1: clicked (I5, I3, I1, I3, I4, I5), bought (I4, I3, I1), so I5",
            ("models/mcprhrec/user_items.py",),
            _FAMILY,
            "kartograph explain hsprec --user ID --item ID",
            (f"{_OF_CELLS}::test_the_first_user_of_the_paper_is_offered_five_who_bought_other_items",),
        ),
        Part(
            "Table 1.5, weighted frequent purchase patterns, weight by support",
            ("models/mcprhrec/user_items.py",),
            _FAMILY,
            "kartograph train hsprec",
            (f"{_OF_CELLS}::test_rules_weigh_by_support_or_by_the_users_who_followed_them",),
        ),
        Part(
            "3.2.1, user-category matrix of purchases",
            ("models/mcprhrec/categories.py", "graph/enrichment/preferences.py"),
            ("mce-hsprec", "mcprhrec-filled-categories"),
            "kartograph enrich --steps preferences",
            (
                f"{_OF_FIVE}::test_pagerank_and_preferences_are_those_of_the_equation",
                f"{_OF_MODEL}::test_the_user_category_matrix_counts_purchases_or_all_filled_cells",
                "tests/graph/enrichment/test_enrich.py::test_preferences_count_purchases",
            ),
        ),
        Part(
            "3.2.1, a new item is recommended through its category",
            ("models/mcprhrec/model.py", "models/mcprhrec/categories.py"),
            ("mce-hsprec", "mcprhrec"),
            "kartograph train mce-hsprec",
            (f"{_OF_MODEL}::test_a_new_item_is_found_through_the_parent_of_its_new_category",),
        ),
        Part(
            "3.2.2, equation 1, category co-occurrence graph in user sessions",
            ("models/mcprhrec/category_pairs.py", "tables/derived/co_occurrence.py"),
            ("mce-hsprec", "mcprhrec-histories", "mcprhrec-no-co-occurrence"),
            "kartograph enrich --steps co-occurrence --weighting distance",
            (
                "tests/models/mcprhrec/test_category_pairs.py::test_co_occurrence_is_frequency_over_distance",
                "tests/models/mcprhrec/test_category_pairs.py::test_the_readings_of_the_lost_equation_are_options",
            ),
            "whole; the equation is lost in the text at hand, frequency over distance is our reading and two more are "
            "options",
        ),
        Part(
            "3.2.2, preferences extended to related categories",
            ("models/mcprhrec/categories.py",),
            ("mce-hsprec", "mcprhrec", "mcprhrec-no-co-occurrence"),
            "kartograph train mce-hsprec",
            (f"{_OF_MODEL}::test_preferences_spread_to_categories_that_co_occur_and_still_sum_to_one",),
        ),
        Part(
            "3.3, bipartite graph of users and categories and its PageRank",
            ("graph/walks/user_categories.py", "graph/enrichment/user_pagerank.py"),
            ("mcprhrec", "mcprhrec-personalised"),
            "kartograph enrich --steps preferences,pagerank,user-pagerank",
            (
                f"{_OF_FIVE}::test_pagerank_and_preferences_are_those_of_the_equation",
                "tests/graph/enrichment/test_user_pagerank.py::test_gds_gives_the_shares_of_the_equation_and_says_so",
            ),
        ),
        Part(
            "3.3, equation 2, Monte Carlo PageRank, a = 0.85",
            ("graph/walks/monte_carlo.py", "graph/walks/user_categories.py"),
            ("mcprhrec", "mcprhrec-personalised"),
            "kartograph enrich --steps user-pagerank --walks 1000",
            (
                "tests/graph/walks/test_user_categories.py"
                "::test_exact_shares_solve_the_equation_and_walks_come_near_them",
                "tests/graph/enrichment/test_user_pagerank.py"
                "::test_walks_come_as_near_to_gds_as_the_bound_says_and_a_new_run_replaces_the_old_one",
            ),
            "whole; the equation is lost in the text at hand, walks are read as those of Avrachenkov et al. (2007), "
            "and the “teleportation factor 0.85” as the probability to go on",
        ),
        Part(
            "3.4, combination of the matrices, normalised",
            ("models/mcprhrec/model.py", "models/mcprhrec/profiles.py"),
            (*_FAMILY, "mcprhrec-tuned"),
            "kartograph explain mcprhrec --user ID --item ID",
            (
                f"{_OF_FIVE}::test_scores_are_the_sum_of_their_parts",
                "tests/models/mcprhrec/test_on_graph.py::test_the_model_from_the_graph_equals_the_one_from_tables",
            ),
            "whole; the paper prints no weights, ours are the best on validation cases",
        ),
        Part(
            "3.4, collaborative filtering; K = 20, and K = 50 of the conclusion",
            ("models/mcprhrec/model.py", "models/mcprhrec/profiles.py"),
            (*_FAMILY, "hsprec-50", "mce-hsprec-50", "mcprhrec-50", "mcprhrec-no-cf"),
            _ITS_FOLDS,
            (
                f"{_OF_MODEL}::test_users_with_the_same_taste_are_neighbours_and_nobody_is_their_own",
                f"{_OF_PRESETS}::test_the_papers_presets_are_what_the_paper_says",
            ),
        ),
        Part(
            "Section 4, five folds, new users among the tested",
            _PROTOCOL,
            _FAMILY,
            _ITS_FOLDS,
            (
                f"{_OF_FOLDS}::test_every_user_is_tested_in_one_fold_and_a_quarter_of_a_fold_is_new",
                f"{_OF_FOLDS}::test_nothing_of_a_new_user_and_no_future_of_a_tested_user_is_learned",
            ),
            "whole; the paper prints neither the share of new users nor what is held out",
        ),
        *(
            Part(
                f"Figure {number}, {measure}",
                _PROTOCOL,
                _FAMILY,
                "kartograph reproduce mcprhrec FILE",
                (_PAGE,),
                _STANDS_IN,
            )
            for number, measure in enumerate(("accuracy", "precision", "recall", "F1"), start=2)
        ),
        Part(
            "Table 2, both models by all four",
            (*_PROTOCOL, "evaluation/report/arithmetic.py"),
            _FAMILY,
            "kartograph reproduce mcprhrec FILE",
            (
                _PAGE,
                f"{_OF_ARITHMETIC}::test_the_rows_of_mcprhrec_imply_the_share_of_views_among_views_and_carts",
            ),
            f"{_STANDS_IN}; the shares of positives that its rows imply are shown",
        ),
        Part(
            "Claim: MCPRHRec surpasses MCE-HSPRec, for new users above all",
            _PROTOCOL,
            _FAMILY,
            "kartograph reproduce mcprhrec FILE",
            (_PAGE, f"{_OF_MODEL}::test_each_system_adds_what_the_one_before_lacks"),
            "measured, for warm and for new users apart, with intervals; the abstract's “97.09 % increase in F1” is "
            "Table 2's F1 itself",
        ),
        *REVIEWED,
    ),
)
