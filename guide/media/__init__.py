"""Pictures and recordings: looked at apart, made clean, kept by their hash."""
