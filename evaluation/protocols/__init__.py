"""How data is divided into what a model may learn from and what it is asked: one protocol a file."""
