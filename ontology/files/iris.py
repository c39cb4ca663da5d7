"""Names made of IRIs: the last part of one, and different names for IRIs whose last parts are equal."""

import re
from collections.abc import Iterable
from urllib.parse import unquote


def local_name(iri: str) -> str:
    """The name in an IRI: what follows the last `#`, `/` or `:`, percent escapes decoded."""
    return unquote(iri.rstrip("#/").replace("#", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1])


def namespace_of(iri: str) -> str:
    """What stands before the name in an IRI, with the `#`, `/` or `:` at its end."""
    return iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1]


def unique_names(iris: Iterable[str], home: str) -> dict[str, str]:
    """A different name for each IRI: its last part, with that of its namespace before it where another one has it.

    IRIs of the namespace `home` come first, then the order of the IRIs. Names count as equal where only case, camel
    case or punctuation tells them apart: the graph has one relationship type `WRITTEN_BY` for all of them.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for iri in sorted(set(iris), key=lambda one: (namespace_of(one) != home, one)):
        plain = local_name(iri) or "_"
        qualified = f"{local_name(namespace_of(iri))}_{plain}"
        numbered = (f"{qualified}_{number}" for number in range(2, len(names) + 3))
        name = next(one for one in (plain, qualified, *numbered) if _key(one) not in taken)
        taken.add(_key(name))
        names[iri] = name
    return names


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).upper()
