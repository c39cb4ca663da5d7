"""The Neo4j side: the managed server, the connection, the ways in, graph algorithms and the way out."""
