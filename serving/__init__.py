"""The shop over HTTP: lists, events back in, changes of items, from what was trained and loaded.

    kartograph serve                    http://127.0.0.1:8080, its description at /docs

config.py       serve.toml
bundle/         what workers answer from, made of the graph and of trained versions, opened without the graph
catalogue/      the present state of the items, changes of it, filters over it
events/         the durable log of events and its way into the graph
ranking/        a model's list, the fallback chain, one item per group, reasons
api/            the calls, a file for each group of them
window/         the page at / for people, in HTML, CSS and JavaScript modules
state.py        all of this in one worker
keeper.py       the process that speaks with Neo4j
server.py       starts the keeper and the workers
"""
