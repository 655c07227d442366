"""Utterance → Take."""

from narrator.recording.queue import in_recording_order
from narrator.recording.recipe import Recipe, Request, requests
from narrator.recording.session import Booth, record

__all__ = ["Booth", "Recipe", "Request", "in_recording_order", "record", "requests"]
