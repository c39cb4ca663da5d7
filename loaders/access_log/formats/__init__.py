"""Formats of access logs."""
