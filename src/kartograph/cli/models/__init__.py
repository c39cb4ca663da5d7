"""The commands that train models and ask them."""
