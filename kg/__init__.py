"""A glossary in, linked data that every consumer accepts out."""
