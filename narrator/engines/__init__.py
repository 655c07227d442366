"""The only room that knows models."""
