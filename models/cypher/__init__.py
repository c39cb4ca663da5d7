"""Recommenders that ask the graph in Cypher when they are asked."""
