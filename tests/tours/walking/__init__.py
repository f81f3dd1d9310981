"""The walk: what phones say of a tour under way."""
