"""How code written for py2neo runs on this connection: what works on Neo4j 5, and what to use for what does not.

py2neo 2021.2.4 is the last release there will be. On Neo4j 5 its queries, transactions, matchers, bulk functions,
frames and the objects that mirror nodes and relationships work; its schema helpers send statements that Neo4j 5
refuses, so they are replaced by errors that name the statement to use.
"""

from typing import NoReturn

import py2neo
import py2neo.database

from kartograph.tables.errors import FeatureMissing, ServerError


def open_py2neo(uri: str, auth: tuple[str, str], database: str) -> py2neo.Graph:
    """Return a py2neo graph on a database; `close_py2neo` closes its connections.

    Raises `ServerError` where py2neo cannot connect.
    """
    try:
        graph = py2neo.Graph(uri, auth=auth, name=database)
    except (py2neo.ConnectionUnavailable, py2neo.ClientError, OSError) as error:
        raise ServerError(
            f"py2neo cannot connect to {uri}: {error}; it speaks Bolt without the routing of newer servers, so name a "
            "single server (bolt://host:7687), or use graph.query, which connects anywhere"
        ) from error
    graph.schema = _Schema(graph)
    return graph


def close_py2neo(graph: py2neo.Graph) -> None:
    """Close the connections of a py2neo graph, which has no method for it."""
    graph.service.connector.close()  # pyright: ignore[reportOptionalMemberAccess]


class _Schema(py2neo.database.Schema):
    """py2neo's schema of a graph; what Neo4j 5 refuses says what to write instead."""

    def create_index(self, label: str, *property_keys: str) -> NoReturn:
        """Refuse, with the statement that creates the index."""
        name = _name(label, *property_keys)
        _refuse(
            "create_index",
            f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON ({_properties(property_keys)})",
        )

    def create_uniqueness_constraint(self, label: str, property_key: str) -> NoReturn:
        """Refuse, with the statement that creates the constraint."""
        _refuse(
            "create_uniqueness_constraint",
            f"CREATE CONSTRAINT {_name(label, property_key)}_unique IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE n.{property_key} IS UNIQUE",
        )

    def drop_index(self, label: str, *property_keys: str) -> NoReturn:
        """Refuse: indexes are dropped by name."""
        _refuse("drop_index", "DROP INDEX <name> IF EXISTS, with a name from SHOW INDEXES")

    def drop_uniqueness_constraint(self, label: str, property_key: str) -> NoReturn:
        """Refuse: constraints are dropped by name."""
        _refuse("drop_uniqueness_constraint", "DROP CONSTRAINT <name> IF EXISTS, with a name from SHOW CONSTRAINTS")

    def get_indexes(self, label: str) -> NoReturn:
        """Refuse, with the statement that lists the indexes."""
        _refuse("get_indexes", _listing("INDEXES", label))

    def get_uniqueness_constraints(self, label: str) -> NoReturn:
        """Refuse, with the statement that lists the constraints."""
        _refuse("get_uniqueness_constraints", _listing("CONSTRAINTS", label))


def _refuse(method: str, instead: str) -> NoReturn:
    raise FeatureMissing(
        f"py2neo's schema.{method} sends a statement that Neo4j 5 refuses; run with graph.query(…): {instead}. "
        "The shop's own constraints and indexes are made by `kartograph load`, or kartograph.graph.schema.apply_schema"
    )


def _listing(what: str, label: str) -> str:
    return f"SHOW {what} YIELD name, labelsOrTypes, properties WHERE '{label}' IN labelsOrTypes RETURN name, properties"


def _name(label: str, *property_keys: str) -> str:
    return "_".join((label, *property_keys)).lower()


def _properties(property_keys: tuple[str, ...]) -> str:
    return ", ".join(f"n.{key}" for key in property_keys)
