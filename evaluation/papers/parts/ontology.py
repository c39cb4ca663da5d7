"""The parts of the ontology-based recommender that are its method; ontology_results.py has those of its results."""

from kartograph.evaluation.papers.parts.ontology_results import RESULTS
from kartograph.evaluation.papers.parts.part import Paper, Part

_SIMILARITY = "tests/ontology/test_similarity.py"
_OF_VISITS = "tests/loaders/access_log/test_visits.py"
_OF_GENETIC = "tests/ontology/weights/test_genetic.py"
_OF_PURITY = "tests/ontology/weights/test_purity.py"
_OF_SUGGEST = "tests/ontology/test_suggest.py"
_COMPARED = ("ontology/similarity.py", "ontology/compare/kinds.py")
_LOG = ("loaders/access_log/visits.py", "loaders/access_log/sessions.py")
_GENETIC = ("ontology/weights/genetic.py",)
_WORDS = "whole; the formula is lost in the text at hand, ours follows its words"
_TWO = "kartograph compare ITEM OTHER --measure"

ONTOLOGY = Paper(
    "The ontology-based relational recommender",
    "ontology",
    (
        Part(
            "Figure 1, a target class with linked ones",
            ("ontology/owl/schema.py",),
            (),
            "kartograph load ontology FILE",
            ("tests/ontology/owl/test_schema.py::test_linked_classes_are_followed_through_other_classes",),
        ),
        Part(
            "2.1, requests that count: status 200, no media files, no spiders",
            _LOG,
            (),
            "kartograph load access-log LOG",
            (f"{_OF_VISITS}::test_only_pages_that_people_got_count",),
        ),
        Part(
            "2.1, (2), sessions: address and browser are a user, 20 minutes",
            _LOG,
            (),
            "kartograph load access-log LOG --session-gap 20",
            (f"{_OF_VISITS}::test_a_user_is_an_address_with_a_browser_and_rests_20_minutes_between_sessions",),
        ),
        Part(
            "2.1, pages of several products are left out; the table of pages and objects",
            ("loaders/access_log/pages.py",),
            (),
            "kartograph load access-log LOG --mapping TABLE",
            ("tests/loaders/access_log/test_pages.py::test_pages_that_show_several_items_show_none",),
        ),
        Part(
            "2.1, figure 2, pages become objects of the ontology",
            ("loaders/saved_pages.py",),
            (),
            "kartograph load pages FOLDER --patterns FILE",
            ("tests/loaders/test_saved_pages.py::test_pages_give_individuals_with_their_links_and_a_table_of_pages",),
        ),
        Part(
            "2.1, (3), and 2.3, (4): a session as objects, extended by the objects they link to",
            ("ontology/graph/computed.py", "queries/ontology/session_objects.cypher"),
            (),
            "kartograph query ontology/session_objects --param session=ID",
            (
                "tests/ontology/graph/test_computed.py"
                "::test_a_session_comes_as_target_objects_and_as_these_with_linked_ones",
            ),
        ),
        Part(
            "2.2.1, figure 3, genes, chromosomes, a population of random weights",
            _GENETIC,
            (),
            "kartograph weigh --method genetic",
            (
                f"{_SIMILARITY}::test_asked_for_all_attributes_the_extended_measures_have_the_paper_s_eleven_genes",
                f"{_OF_GENETIC}::test_weights_learned_from_sessions_are_at_least_as_fit_as_equal_weights",
            ),
        ),
        Part(
            "2.2.1, which chromosomes are crossed: half in rank order, half the best with the worst",
            _GENETIC,
            (),
            "kartograph weigh --method genetic",
            (f"{_OF_GENETIC}::test_of_25_crossovers_13_pair_neighbours_in_rank_and_12_the_best_with_the_worst",),
        ),
        Part(
            "2.2.1, figure 5, a child is the mean of its parents",
            _GENETIC,
            (),
            "kartograph weigh --method genetic",
            (f"{_OF_GENETIC}::test_a_child_is_the_arithmetic_mean_of_its_parents",),
            "whole; the numbers of the figure are lost in the text at hand",
        ),
        Part(
            "2.2.1 and 2.3, figure 4, so many crossovers or a fitness; the fittest chromosome is kept",
            _GENETIC,
            (),
            "kartograph weigh --method genetic",
            (
                f"{_OF_GENETIC}::test_the_search_ends_at_the_threshold_and_a_seed_repeats_it",
                f"{_OF_GENETIC}::test_the_best_chromosome_of_any_generation_is_kept",
            ),
        ),
        Part(
            "2.3.1, purity of an attribute, and random sessions of the same sizes",
            ("ontology/weights/purity.py",),
            (),
            "kartograph weigh --method purity",
            (
                f"{_OF_PURITY}::test_purity_is_the_share_of_equal_pairs_averaged_over_sessions",
                f"{_OF_PURITY}::test_random_sessions_have_the_same_sizes_other_contents_and_no_repeats",
            ),
        ),
        Part(
            "2.3.1, (2.9), the weight by ratio and threshold, 0.9 between",
            ("ontology/weights/purity.py",),
            (),
            "kartograph weigh --method purity",
            (
                f"{_OF_PURITY}::test_what_visitors_stick_to_counts_fully_and_what_they_avoid_counts_its_ratio",
                f"{_OF_PURITY}::test_the_threshold_decides_between_important_and_not",
            ),
        ),
        Part(
            "2.4, CS and ECS, cosine without and with the linked object's attributes",
            _COMPARED,
            (),
            f"{_TWO} ECS",
            (
                f"{_SIMILARITY}::test_cs_multiplies_numbers_and_compares_the_rest",
                f"{_SIMILARITY}::test_plain_measures_know_the_author_by_name_and_extended_ones_by_attributes",
            ),
            _WORDS,
        ),
        Part(
            "2.4, ED, Euclidean distance, and similarity as 1 less it",
            _COMPARED,
            (),
            f"{_TWO} ED",
            (f"{_SIMILARITY}::test_ed_of_two_books_by_hand", f"{_SIMILARITY}::test_weights_enter_ed_squared"),
            _WORDS,
        ),
        Part(
            "2.4, EED-1, the linked object's attributes in line",
            _COMPARED,
            (),
            f"{_TWO} EED-1",
            (
                f"{_SIMILARITY}::test_eed_1_puts_the_author_s_attributes_in_line",
                f"{_SIMILARITY}::test_eed_1_pools_the_values_of_co_authors",
            ),
            _WORDS,
        ),
        Part(
            "2.4, EED-2, the distance of the linked objects first",
            _COMPARED,
            (),
            f"{_TWO} EED-2",
            (
                f"{_SIMILARITY}::test_eed_2_compares_the_authors_first",
                f"{_SIMILARITY}::test_eed_2_averages_the_distances_of_co_authors",
            ),
            _WORDS,
        ),
        Part(
            "2.4, several values: intersection over union; of numbers the mean over all pairs",
            _COMPARED,
            (),
            "kartograph compare ITEM OTHER",
            (
                f"{_SIMILARITY}::test_sets_of_names_are_compared_by_intersection_over_union",
                f"{_SIMILARITY}"
                "::test_sets_of_numbers_are_compared_by_the_mean_of_all_pairs_and_then_differ_from_themselves",
            ),
        ),
        Part(
            "2.4 and 3.3.1, agglomerative clusters of the weighted similarities",
            ("ontology/clusters.py",),
            (),
            "kartograph cluster --k 5",
            (
                "tests/ontology/test_clusters.py::test_every_linkage_finds_the_groups_and_their_middle",
                "tests/ontology/test_clusters.py::test_several_numbers_of_clusters_are_cut_from_one_tree",
            ),
            "whole; linkage by the average, which the paper's tool takes by default",
        ),
        Part(
            "2.5, figure 6, the last object, the nearest centre, the objects of its cluster, their pages",
            ("ontology/suggest.py", "ontology/clusters.py"),
            (),
            "kartograph suggest --seen ID --clusters 5 --pages",
            (
                f"{_OF_SUGGEST}::test_the_last_and_the_first_item_suggest_what_is_like_them",
                f"{_OF_SUGGEST}::test_with_clusters_only_the_nearest_one_is_searched",
            ),
        ),
        Part(
            "3.1, the book: area, year, binding, price, paper quality, category, author, new publication",
            ("ontology/books.ttl", "ontology/owl/schema.py"),
            (),
            "kartograph load books FOLDER",
            (
                "tests/ontology/owl/test_schema.py::test_the_books_have_every_attribute_of_the_paper",
                f"{_SIMILARITY}::test_paper_quality_has_the_positions_of_the_paper",
            ),
            "whole; the library at hand knows no price, area, binding and paper quality, so these are declared and "
            "absent",
        ),
        Part(
            "3.1, the author: birth, 1900 at the earliest, number of books, categories",
            ("ontology/books.ttl", "loaders/books.py"),
            (),
            "kartograph load books FOLDER",
            (
                f"{_SIMILARITY}::test_births_before_the_floor_count_as_the_floor",
                "tests/loaders/test_books.py"
                "::test_authors_have_the_number_and_the_categories_of_their_books_and_either_birth_date",
            ),
            "whole; the library of the 1920s and 1930s has 1800 as its floor",
        ),
        Part(
            "3.3.1, categories: 1.0 the same, 0.5 one group, 0.0",
            ("ontology/compare/kinds.py",),
            (),
            "kartograph compare ITEM OTHER",
            (f"{_SIMILARITY}::test_category_is_1_if_equal_a_half_within_its_group_and_0_otherwise",),
        ),
        *RESULTS,
        Part(
            "4, future work: a session as one object",
            ("ontology/suggest.py",),
            (),
            "kartograph suggest --seen ID --seen ID --start profile",
            (f"{_OF_SUGGEST}::test_the_profile_joins_the_values_of_all_items_seen",),
        ),
    ),
)
