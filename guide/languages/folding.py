"""Words as they are looked for: without case, marks, and what a keyboard may lack.

`Qarabağ` is found by `qarabag`, `Şəki` by `seki`, `ковёр` by `ковер` (`design.md`, 8).
"""

import unicodedata

ALIKE = str.maketrans(
    {
        "ə": "e",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ـ": "",
    }
)


def fold(words: str) -> str:
    """Return words in the form in which they are compared."""
    plain = unicodedata.normalize("NFKC", words).casefold().translate(ALIKE)
    apart = unicodedata.normalize("NFD", plain)
    return " ".join(
        "".join(sign for sign in apart if unicodedata.category(sign) != "Mn").split()
    )
