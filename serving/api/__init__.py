"""The calls over HTTP, a file for each group, and what they share.

bodies.py       what comes in and goes out, as OpenAPI describes it
asking.py       from a request to a question, from a list to an answer
lists.py        recommendations, similar, together, trending, search
explaining.py   explanations
items.py        changes of items
events.py       events in
operate.py      health
guard.py        raw paths, limits of bodies
errors.py       errors as one sentence
"""
