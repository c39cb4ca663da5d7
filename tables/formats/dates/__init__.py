"""Dates as people write them: the order of their parts, and months by their names."""
