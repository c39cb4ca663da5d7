"""Random walks over weighted graphs, and what their visits tell."""
