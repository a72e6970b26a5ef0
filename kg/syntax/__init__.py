"""Tokens with ranges, for each syntax: what reading, locating and repairing stand on."""
