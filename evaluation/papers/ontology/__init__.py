"""The tables of the ontology-based relational recommender, from a real library's visits, beside what was reported."""
