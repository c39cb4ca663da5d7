"""The tables and figures of PRE-ADDL's paper from runs of our own, beside what was reported."""
