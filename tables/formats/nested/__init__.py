"""JSON of any nesting, and XML, as rows."""
