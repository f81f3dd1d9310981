"""The guest book and gifts of a tour, and the page of what happened."""
