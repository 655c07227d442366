"""Utterance → Take."""

from narrator.recording.proofing import proof_of
from narrator.recording.queue import in_recording_order
from narrator.recording.recipe import Recipe, Request, requests, shared_out
from narrator.recording.session import Booth, record, speak

__all__ = ["Booth", "Recipe", "Request", "in_recording_order", "proof_of", "record", "requests", "shared_out", "speak"]
