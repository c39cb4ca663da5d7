"""Commands on a whole home: what is wrong with it, and removing it."""
