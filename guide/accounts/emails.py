"""One spelling for each e-mail address, so that one address is one account."""

import re

LONGEST = 254
"""RFC 5321, 4.5.3.1.3."""

ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII
)


class UnfitEmailError(Exception):
    """It is not an e-mail address of plain letters; the message says so."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"{typed} is not an e-mail address like name@example.org")


def canonical_email(typed: str) -> str:
    """Return an address in small letters; refuse any but ASCII, where look-alikes begin.

    (`ı` and `i`, or a letter composed and the same decomposed, would make two accounts that
    nobody can tell apart; a domain of other letters has an ASCII form, xn--….)
    """
    trimmed = typed.strip()
    email = trimmed.casefold() if trimmed.isascii() else ""
    if len(email) > LONGEST or not ADDRESS.fullmatch(email):
        raise UnfitEmailError(typed)
    return email
