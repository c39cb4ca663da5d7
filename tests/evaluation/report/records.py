"""Records for the tests of the report: small, and with every part."""

from copy import deepcopy
from typing import Any

FULL: dict[str, Any] = {
    "protocol": "sequences",
    "figures": {
        "stan": {
            "HR@20": 0.51234,
            "MRR@20": 0.25,
            "Recall@20": 0.51234,
            "Coverage@20": 0.3,
            "cases": 15132,
            "unserved": 7,
        },
        "markov": {
            "HR@20": 0.25,
            "MRR@20": 0.125,
            "Recall@20": 0.25,
            "Coverage@20": 0.2,
            "cases": 15132,
            "unserved": 9,
        },
    },
    "timings": {
        "stan": {"fit_s": 3.84, "ms_p50": 1.351, "ms_p99": 5.4, "ms_batch": 0.03, "peak_mib": 812.4},
        "markov": {"fit_s": 0.5, "ms_p50": 0.111, "ms_p99": 0.2, "ms_batch": 0.01, "peak_mib": 700},
    },
    "intervals": {"stan": {"HR@20": [0.5011, 0.5233]}, "markov": {"HR@20": [0.24, 0.26]}},
    "significance": {
        "HR@20": {
            "alpha": 0.05,
            "correction": "holm",
            "groups": {"stan": "a", "markov": "b"},
            "p": {"stan": {"markov": 0.001}, "markov": {"stan": 0.001}},
        }
    },
    "by_length": {
        "stan": [{"from": 1, "to": 1, "cases": 40, "HR@20": 0.41}, {"from": 2, "to": None, "cases": 60, "HR@20": 0.58}],
        "markov": [{"from": 1, "to": 1, "cases": 40, "HR@20": 0.21}],
    },
    "by_popularity": {
        "stan": [{"from": 1, "to": 5, "cases": 100, "MRR@20": 0.07}],
        "markov": [{"from": 1, "to": 5, "cases": 100, "MRR@20": 0.03}],
    },
    "cold": {
        "stan": {"no events": {"served": 0.0, "HR@20": 0.0}, "one click": {"served": 0.875, "HR@20": 0.33}},
        "markov": {"no events": {"served": 0.0}},
    },
    "learning": {"stan": [{"epoch": 1, "loss": 5.0, "HR@20": 0.4}, {"epoch": 2, "loss": 4.0, "HR@20": 0.5}]},
    "benchmark": "retailrocket-clicks",
    "data": {"train_sha256": "aa", "test_sha256": "bb"},
    "versions": {"python": "3.11"},
    "seed": 3,
    "options": {"protocol": "sequences", "k": 20, "all_prefixes": True, "stan": {"neighbours": 500}, "markov": {}},
}


def full() -> dict[str, Any]:
    """A record with every part, to be changed at will."""
    return deepcopy(FULL)


def bare() -> dict[str, Any]:
    """A record as the first ones were: without anything beyond the keys of the blind commands."""
    kept = ("figures", "timings", "data", "versions", "seed", "options")
    return {name: part for name, part in full().items() if name in kept}


def figures_only() -> dict[str, Any]:
    """A record that tells nothing but figures: its page is drawn fast."""
    return {name: part for name, part in full().items() if name in ("protocol", "figures", "options")}
