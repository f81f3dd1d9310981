"""The history of the schema; a released migration is never edited."""
