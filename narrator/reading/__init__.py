"""A source file → Manuscript."""
