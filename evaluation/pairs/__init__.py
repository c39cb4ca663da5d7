"""Pairs of user and item: which are sampled, what they score, and the figures."""
