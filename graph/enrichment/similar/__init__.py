"""Which items are alike, by their users and by their embeddings: the `:SIMILAR` edges."""
