"""How a source is recognised."""
