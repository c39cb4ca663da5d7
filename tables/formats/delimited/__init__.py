"""Delimited text as rows: its dialect, damaged records, escapes, columns by width and tables drawn with characters."""
