"""An ontology and its individuals in a graph database, and what is computed from them."""
