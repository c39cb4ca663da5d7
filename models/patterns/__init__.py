"""Sequential patterns: what users do one after the other, and the rules that follow."""
