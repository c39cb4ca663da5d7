"""Which items, and which categories, occur together in sessions."""
