"""The shop for programs that answer in words: an MCP server over the statements of `queries/` and the serving calls.

statements.py   a tool for each statement that reads
calls.py        a tool for each list of a running `kartograph serve`
server.py       the server that has them
"""
