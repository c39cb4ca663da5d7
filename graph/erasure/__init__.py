"""Users who were erased: what goes from the graph, and the list that keeps them out of every load.

suppression.py    the list of keyed hashes
graph.py          the user's nodes and relationships
"""
