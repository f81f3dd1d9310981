"""The whole guide: a server of its own process, and a real browser in front of it."""
