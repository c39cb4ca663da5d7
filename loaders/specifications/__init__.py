"""The declaration of each source, a file each: what can be said of it, how it is recognised and what it loads."""
