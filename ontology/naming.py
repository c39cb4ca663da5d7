"""The item that a person means: by its id, by the last part of its IRI, or by its label."""

from difflib import get_close_matches

import numpy as np

from kartograph.ontology.files.iris import local_name
from kartograph.ontology.owl.individuals import Individuals
from kartograph.tables.errors import BadInput


def row_of(items: Individuals, text: str) -> int:
    """The row of an item.

    Raises
    ------
    BadInput
        No item is called so, or several are; the message shows close names.
    """
    exact = np.flatnonzero(items.ids == text)
    if len(exact):
        return int(exact[0])
    short = np.array([local_name(one) for one in items.ids.tolist()], dtype=object)
    for names in (short, items.labels):
        matches = np.flatnonzero(names == text)
        if len(matches) == 1:
            return int(matches[0])
        if len(matches) > 1:
            raise BadInput(
                f"{text!r} is the name of {len(matches)} items: {items.ids[matches[:5]].tolist()}; give the id"
            )
    hint = closest(text, [*short.tolist(), *items.labels.tolist()])
    such = ", ".join(items.labels[:3].tolist())
    raise BadInput(
        f"there is no item {text!r} among {len(items):,}; {hint or f'give an id or a label, such as {such}'}"
    )


def closest(text: str, names: list[str]) -> str:
    """A question with the names that are most like a text; empty where none is."""
    near = list(dict.fromkeys(get_close_matches(text, names, n=3)))
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""
