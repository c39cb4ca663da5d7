"""Lists of items: what the model ranks, then the fallback chain, in the present state of the shop.

question.py    what is asked
model.py       the candidates of a trained model
fallbacks.py   co-occurrence, category, trending, popularity: lists made in memory
lists.py       the cut: filters, seen items, one per group, until k items are there
reasons.py     why an item is in a list, in words
"""
