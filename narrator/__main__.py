"""python -m narrator."""
