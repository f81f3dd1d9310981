"""One file for each step, in order; a released one is never edited."""
