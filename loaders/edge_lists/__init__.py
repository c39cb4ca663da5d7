"""Edge lists of items, properties and values: the layouts of public benchmarks, and their ontology."""
