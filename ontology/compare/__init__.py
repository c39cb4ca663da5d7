"""Columns of attributes compared value by value, and the sums over them."""
