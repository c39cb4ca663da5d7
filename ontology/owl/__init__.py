"""What OWL says of the classes, properties and individuals of an ontology."""
