"""Qwen3-TTS on torch alone: the official weights, our own computation."""
