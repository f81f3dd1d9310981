"""What upkeep says when it will not go on."""


class UpkeepError(Exception):
    """Something that a person has to settle first; the text is a sentence for a terminal."""
