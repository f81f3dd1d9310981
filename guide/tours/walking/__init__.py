"""The walk: what a phone says of a tour under way, kept once and in order."""
