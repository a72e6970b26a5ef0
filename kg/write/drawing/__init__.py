"""Drawings of a glossary: an entry among its neighbours as SVG, a graph as DOT."""
