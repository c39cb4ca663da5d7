"""The columns of the frames that recommenders answer with."""

USER, SESSION, ITEM, SIMILAR = "user_id", "session", "item_id", "similar_item_id"
QUESTION = "question"
"""Stands for `item_id` where questions and answers are both items, and for any question of the graph, by its number."""
SCORE, RANK, REASON, SERVED_BY = "score", "rank", "reason", "served_by"
ANSWER = (SCORE, RANK, REASON, SERVED_BY)
"""What every frame says of an item: larger scores are better, rank 1 is the best, a reason may be null."""
RECOMMENDATIONS = (USER, ITEM, *ANSWER)
SESSION_RECOMMENDATIONS = (SESSION, ITEM, *ANSWER)
"""`session` is the number of the session in the question, from 0."""
SIMILAR_ITEMS = (ITEM, SIMILAR, *ANSWER)

NOBODY = "nobody"
"""`served_by` of a row that says why there is no answer: no item, rank 0, and the reason in words."""

KIND, BEHIND, AMOUNT, SHARE = "kind", "behind", "amount", "share"
EXPLANATION = (KIND, BEHIND, AMOUNT, SHARE)
"""What a score is made of, or what ties an item to a user: kind, the id behind it, its amount, its share of all."""
PARTS = "parts"
"""The largest parts of each recommendation as `(kind, id, amount)`; internal, for reasons and for writing back."""
EVENT, TIME = "event", "timestamp"
