"""The parts of the three papers: part.py what a part is, and a file for each paper."""
