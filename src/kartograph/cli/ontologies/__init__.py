"""Commands on ontologies."""
