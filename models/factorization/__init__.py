"""Matrix factorization: ALS and BPR."""
