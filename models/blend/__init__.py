"""Several models at once: what each says of an item becomes features, a small network orders items by them.

held_out.py        cases cut from the training data itself
components.py      which models take part; those of sessions learn from the visits of users (visits.py)
choosing.py        what is chosen on the cases: components, and how their items are ordered
known_items.py     what is known of each item apart from a question, known_pairs.py of pairs of items
features.py        which items are offered, and their features; compiled: features_kernels.py, pair_kernels.py
ranker.py          the network that orders them; it is trained by training.py
model.py           all of it behind the verbs of a model
ontology_blend.py  another blend: ontology, co-borrowing, PageRank and newness with fixed weights
"""
