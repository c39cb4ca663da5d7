"""Several models at once: what each says of an item becomes features, a small network ranks by them.

features.py  which items are offered, and what is known of each
ranker.py    the network that orders them, how it learns and where it is kept
model.py     both behind the verbs of a model
"""
