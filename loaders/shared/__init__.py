"""What the loaders share: options, event words, ids, items, guards, and the way into the graph."""
