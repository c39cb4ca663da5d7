"""What stands between quotes in a line of a log, as a pattern: a backslash takes the next character with it."""

IN_QUOTES = r'[^"\\]*+(?:\\.[^"\\]*+)*'
"""A possessive group of alternatives would be shorter, but Python before 3.11.5 matches it wrongly."""
