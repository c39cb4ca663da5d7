"""Intervals, paired tests and the comparison of models."""
