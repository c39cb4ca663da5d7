"""JSON of any nesting as rows."""
