"""How people find items, users and categories of a shop."""
