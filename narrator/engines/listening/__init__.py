"""Ears: what was said, and by whose voice. Optional (`narrator[proof]`), on the CPU, without a download."""
