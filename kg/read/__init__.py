"""Readers: pages, claims, RDF in; a Dataset and a report out."""
