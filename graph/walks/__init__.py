"""Monte Carlo PageRank: random walks over weighted graphs, and what their visits tell."""
