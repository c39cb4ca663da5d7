"""The tables of the Shakespeare and Company Project, as a source and as a graph."""
