"""Files of every format as tables of good rows, with their bad rows as rejects."""
