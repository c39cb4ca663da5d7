"""What became of answers: shown, clicked, bought, by version, place and category.

answers.py     the id of an answer, which tells who made it and where it stands
counting.py    from events to counts, in the file of the event log
flush.py       counts into the graph, each once
"""
