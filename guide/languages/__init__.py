"""Tags, negotiation, fallback and message catalogues: everything that a language needs."""
