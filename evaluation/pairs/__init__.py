"""Pairs of user and item: which are drawn, what they score, and the figures."""
