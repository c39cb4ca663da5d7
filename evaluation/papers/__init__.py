"""The tables of the three papers, reported figures beside measured ones."""
