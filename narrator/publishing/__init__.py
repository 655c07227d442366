"""Master → what a listener receives."""
