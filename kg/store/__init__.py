"""SPARQL stores: vocabularies into them, whole or not at all; questions to them."""
