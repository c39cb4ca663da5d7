"""Measures of ranked lists: accuracy, what lists are like besides, parts of the cases."""
