"""The report of a tour: what happened, put together from its events."""
