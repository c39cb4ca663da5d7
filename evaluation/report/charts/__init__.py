"""The charts of the report, one file for each kind."""
