"""Manuscript + Cast → Script. Pure text, no files."""
