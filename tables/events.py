"""The kinds of event, apart from the tables that hold them: models need their names and no table engine."""

EVENTS = ("view", "cart", "buy", "borrow")
"""Each becomes a relationship type of its own: VIEWED, CARTED, BOUGHT, BORROWED."""
