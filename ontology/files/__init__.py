"""Files of ontologies, read as RDF in bounded time and memory, and written."""
