"""Takes → Master. Pure signal work."""
