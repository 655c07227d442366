"""Voices and cast of a project → Cast."""
