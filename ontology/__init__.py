"""OWL ontologies of a shop: vocabulary, attribute kinds, similarities and clusters."""
