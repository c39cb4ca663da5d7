"""Events on their way in: checked, on the disk before they are acknowledged, in the graph once.

checking.py    what an event has to be
log.py         the durable log, read by histories
writing.py     one commit for all requests that wait for one
flush.py       from the log into the graph
"""
