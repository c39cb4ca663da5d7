"""The network of the PRE-ADDL paper, layer by layer."""
