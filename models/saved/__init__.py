"""Trained models in files: one safe format, and the versions that a shop keeps."""
