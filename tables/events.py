"""The kinds of event, apart from the tables that hold them: models need their names and no table engine."""

EVENTS = ("view", "cart", "buy", "borrow")
"""Each becomes a relationship type of its own: VIEWED, CARTED, BOUGHT, BORROWED."""

TAKES_BACK = {"return": "buy", "uncart": "cart"}
"""Kinds of event that take back another: a return what was bought, `uncart` what lay in the cart."""
