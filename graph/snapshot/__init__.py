"""What models learn from, exported from the graph once and kept beside the shop.

snapshot = graph.snapshot(parts=("events", "items", "categories"))
snapshot.events.user, snapshot.events.item      int32 rows of snapshot.users and snapshot.item_ids
snapshot.item_ids.index                         the external ids, a pandas Index

snapshot.py    what a snapshot holds and which of it is exported anew
state.py       what the graph holds at the moment, by which a stale part is known
store.py       files: written whole, checked when opened, mapped into memory
texts.py       ids and texts as UTF-8 bytes with offsets
pages.py       packed reading, some thousand nodes in one row of the answer
events.py, catalogue.py, computed.py        the parts
"""
