"""Why a file is not taken: one word, which the office's pages say in a sentence."""


class RefusedFileError(Exception):
    """The file is not what it must be.

    `word` is "none" (nothing was sent), "empty", "unknown" (no kind that is taken), "drawing"
    (SVG), "large", "pixels", "small", "broken", "slow", "long" or "busy".
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NoRoomError(Exception):
    """There is less room left than is kept in reserve, or none."""

    def __init__(self) -> None:
        super().__init__("The disk is nearly full: no picture or recording is taken in now.")
