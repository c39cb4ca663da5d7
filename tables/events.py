"""The kinds of event, apart from the tables that hold them: models need their names and no table engine."""

RELATIONSHIP_OF_EVENT = {"view": "VIEWED", "cart": "CARTED", "buy": "BOUGHT", "borrow": "BORROWED"}
"""The kinds of event that count, each with the type of the relationship of a user and an item that it becomes."""
EVENTS = tuple(RELATIONSHIP_OF_EVENT)

TAKES_BACK = {"return": "buy", "uncart": "cart"}
"""Kinds of event that take back another: a return what was bought, `uncart` what lay in the cart."""
