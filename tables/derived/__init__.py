"""What follows from the events of a source: sessions, keys, aggregated edges, popularity, co-occurrence."""
