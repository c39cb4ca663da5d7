"""How a shop's database and its trained versions are kept in one file, and how they come back from it.

A backup is a plain tar archive: `manifest.json` (versions, sizes, SHA-256 sums), `neo4j.dump`, which `neo4j-admin
database dump` wrote and any Neo4j of that version or later loads, and the files of the trained versions with a list of
their sums (`kept_models`). The manifest has the sum of that list.
"""
