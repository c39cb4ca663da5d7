"""Counts the inputs of the fuzzing tests and prints the counts at the end of the run."""

from tests.fuzzing.mutation import INPUTS


def pytest_terminal_summary(terminalreporter):
    """Print how many inputs each kind of file was tried with."""
    if INPUTS:
        terminalreporter.section("fuzzing")
        counts = ", ".join(f"{kind} {count:,}" for kind, count in sorted(INPUTS.items()))
        terminalreporter.write_line(f"{sum(INPUTS.values()):,} inputs, {counts}")
