"""Kartograph: a recommender that lives in a graph database.

The folders `tables`, `graph`, `ontology`, `loaders`, `models`, `evaluation` and `queries` stand at the top of the
repository; the links beside this file only give them their import name.
"""

from importlib.metadata import version

__version__ = version("kartograph")
