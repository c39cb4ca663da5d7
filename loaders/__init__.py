"""One file per data source: each turns its source into tables and hands them to the graph."""
