"""PRE-ADDL: attention over visitors and items in PyTorch, as its authors wrote it and on the graph.

`ShopEvents` (what happened, with dated properties and the category tree) -> `prepare` (labelled pairs with features) ->
`PaperModel`. `GraphModel` learns from `TrainingData`, or from a graph, and attends over the latest items.

Source: "PRE-ADDL", attention-driven deep learning model for product recommendation on the RetailRocket data (2025);
where it is silent or garbled, the docstrings name the reading and the options.
"""
