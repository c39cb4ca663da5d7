"""Baselines: popularity, popularity within categories, repeats."""
