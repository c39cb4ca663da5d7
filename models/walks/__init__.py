"""A recommender that walks over items."""
