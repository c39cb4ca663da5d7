"""A real Neo4j that Kartograph installs, starts and stops itself: without Docker, Java or root."""
