"""The present state of the items: what was loaded, and every change that was acknowledged since.

inside.py     the items of a category and of all below it
changes.py    the change of an item, and the durable log of changes that all workers read
present.py    the arrays of one worker
masks.py      which items a filter allows, kept up to date with the changes
"""
