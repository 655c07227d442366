"""Turns a book into a mastered audiobook."""

__version__ = "0.1.0"
