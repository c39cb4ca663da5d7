"""What a table of a source holds."""
