"""The report: one page about what was measured, on which data, beside what others reported."""
