"""The calls over HTTP, a file for each group, and what they share.

bodies.py       what comes in and goes out, as OpenAPI describes it
asking.py       from a request to a question, from a list to an answer
browse.py       what the shop holds: models, users, items, categories, brands
window.py       the page at / and its files
lists.py        recommendations, similar, together, trending, search
explaining.py   explanations
items.py        changes of items
events.py       events in
operate.py      health
guard.py        raw paths, limits of bodies
errors.py       errors as one sentence
"""
