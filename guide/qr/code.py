"""The five characters of a printed code: four by chance and one that checks them."""

import secrets
import unicodedata
from collections.abc import Container

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32 characters: no i, l, o or u, which people misread (crockford.com/base32)."""

LENGTH = 5
CHECKS = 37
LOOK_ALIKES = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None, " ": None})
LONGEST_TYPED = 64

# Words that must not be printed by chance, as they would be read: 0 as o, 1 as i or l, 3 as e,
# 4 as a, 5 as s. Short ones of Azerbaijani, English, Russian (in Latin letters) and Turkish.
UNWANTED = (
    "amc", "amk", "anal", "anus", "arse", "ass", "bok", "cock", "crap", "cunt", "damn", "dead",
    "dick", "ebal", "ebat", "ebt", "fag", "fart", "gay", "gijd", "hate", "hell", "hui", "huy",
    "isis", "jerk", "jew", "kill", "kkk", "mal", "nazi", "pic", "piss", "pizd", "poop", "porn",
    "qoduq", "rape", "sex", "shit", "sik", "slut", "smer", "suka", "tit", "twat", "vajn",
    "wank", "xer", "xyj", "xyi", "yarak", "zad",
)  # fmt: skip
READ_AS = str.maketrans("01345", "oieas")
READ_AS_L = str.maketrans("01345", "oleas")


def canonical(typed: str) -> str | None:
    """Return the code that somebody typed or scanned, None if it cannot be one.

    Case, hyphens, spaces, look-alikes (O for 0, I and L for 1) and full-width characters
    are forgiven. Whether the check character is right is `is_consistent`'s to say.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    read = unicodedata.normalize("NFKC", typed).strip().casefold().translate(LOOK_ALIKES)
    return read if len(read) == LENGTH and all(one in ALPHABET for one in read) else None


def check_character(four: str) -> str | None:
    """Return the check of four characters (their value mod 37), None where it has no letter."""
    value = 0
    for one in four:
        value = value * len(ALPHABET) + ALPHABET.index(one)
    check = value % CHECKS
    return ALPHABET[check] if check < len(ALPHABET) else None


def is_consistent(code: str) -> bool:
    """Say whether a canonical code's last character fits the four before it."""
    return check_character(code[:-1]) == code[-1]


def is_decent(code: str) -> bool:
    """Say whether no unwanted word can be read in a code."""
    readings = (code, code.translate(READ_AS), code.translate(READ_AS_L))
    return not any(word in reading for word in UNWANTED for reading in readings)


def mint(taken: Container[str]) -> str:
    """Make a new code by chance, decent and not among those taken."""
    while True:
        four = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        code = four + (check_character(four) or "")
        if len(code) == LENGTH and code not in taken and is_decent(code):
            return code


def grouped(code: str) -> str:
    """Return a code as it is printed for people: AB12-N."""
    return f"{code[:4]}-{code[4:]}".translate(CAPITALS)


CAPITALS = str.maketrans("abcdefghjkmnpqrstvwxyz", "ABCDEFGHJKMNPQRSTVWXYZ")
