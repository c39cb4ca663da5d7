"""Which items may be recommended: typed filters and SQL expressions, applied before the best are cut."""
