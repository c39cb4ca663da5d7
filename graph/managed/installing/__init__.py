"""The server's files: resolved, verified, installed, and made ready for quick starts."""
