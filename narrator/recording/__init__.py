"""Utterance → Take."""
