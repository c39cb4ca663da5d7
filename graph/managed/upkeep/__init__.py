"""What is asked of a whole home: what is wrong with it, and how it is removed."""
