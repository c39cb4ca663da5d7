"""Bundles: everything that a worker answers from, as files that are mapped into memory.

arrays.py     named arrays in a folder
texts.py      ids and titles as bytes with offsets; the row of an id
making.py     a bundle from the graph and the trained versions
opened.py     a bundle as a worker holds it
"""
