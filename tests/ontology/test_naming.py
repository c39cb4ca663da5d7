"""Finding the item that a person means."""

import pytest

from kartograph.ontology.naming import row_of
from kartograph.tables.errors import BadInput


def test_an_item_is_found_by_its_iri_the_end_of_it_and_its_label(films):
    items = films.items
    for text in ("http://films.example/onto#vertigo", "vertigo", "Vertigo"):
        assert items.labels[row_of(items, text)] == "Vertigo"


def test_an_unknown_name_gets_close_ones(films):
    with pytest.raises(BadInput, match="no item 'Vertgo' among 6; did you mean 'Vertigo'"):
        row_of(films.items, "Vertgo")
