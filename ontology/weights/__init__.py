"""How much each attribute counts, learned from sessions."""
