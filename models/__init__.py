"""One recommender per file, behind two verbs: fit and recommend."""
