"""The graph form of PRE-ADDL: attention over a visitor's latest items."""
