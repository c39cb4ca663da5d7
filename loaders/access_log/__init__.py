"""Sessions on an ontology's objects, from the access logs of a web server."""
