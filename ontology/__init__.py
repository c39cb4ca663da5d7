"""OWL ontologies of a shop: vocabulary, attribute kinds, similarities and clusters."""

import logging

# Literals whose text does not fit their type are found by the checks of this package, which name the triple; rdflib
# would print a traceback for each one.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
