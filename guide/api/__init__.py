"""JSON for other systems: what visitors can read, and, with a token, the tours."""
