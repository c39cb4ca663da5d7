"""The table of validation cuts, on sessions of three clicks."""

import sys


def test_each_cut_holds_out_the_latest_sessions_that_the_one_before_it_learned_from(clicks, record, monkeypatch):
    import cuts  # pyright: ignore[reportMissingImports]

    file = clicks("abc", "abc", "abc", "de", "abd", "abd", "abc", "abc")
    monkeypatch.setattr(cuts, "VALIDATION_SESSIONS", 2)
    monkeypatch.setattr(sys, "argv", ["benchmarks/cuts.py", str(file), "--models", "markov", "--cuts", "2"])
    cuts.main()
    kept = record("cuts")
    assert kept["command"] == "python benchmarks/cuts.py clicks.csv --models markov --cuts 2"
    assert kept["head"] == ["model", "cut 1, 2 cases", "cut 2, 2 cases"]
    # After a and b comes c in three sessions of five, and d, the right answer of the second cut, in none of four.
    assert kept["rows"] == [["markov", "100.00 / 100.00", "0.00 / 0.00"]]
