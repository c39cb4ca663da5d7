"""Nearest neighbours of items and of sessions."""
