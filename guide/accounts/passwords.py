"""Passwords: argon2id, never more than a few at once, and none that is easily guessed."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

Answer = TypeVar("Answer")

AT_ONCE = 2
"""Hashes at one time: each takes 19 MiB and a core (`docs/adr/0009-accounts.md`)."""

MOST_WAITING = 100
"""Hashes asked for at one time: some seconds of work; the next is told to come again."""

SHORTEST = 15
LONGEST_BYTES = 1_024
LEAST_SCORE = 3
"""Of zxcvbn's five: "safely unguessable", by more than 10^8 guesses."""
LOOKED_AT = 100
"""Characters that are judged; the judge takes longer than the square of them."""
LEAST_OF_ONES_OWN = 6
"""Characters that are left when every word about the owner and the house is taken out."""
OURS = ("guide", "heydar", "aliyev", "center", "mərkəz", "bələdçi", "sərgi")

argon2id = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
"""OWASP's least: 19 MiB, two passes, one lane."""


class TooManyWaitError(Exception):
    """More passwords wait to be hashed than anybody would wait for."""


@cache
def _of_nobody() -> str:
    """Hash what is compared with where there is no account."""
    return argon2id.hash("nobody has this password")


class Passwords:
    """Hashes passwords, a few at once; who waits takes up no thread.

    The threads are its own: malloc keeps what a hash took for the thread that it ran in.
    """

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords")
        self._of_nobody = _of_nobody()

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Compare; without a hash (no such account) the same work says no.

        Raise TooManyWaitError.
        """
        told = "" if is_too_long(password) else normal(password)
        kept = hashed or self._of_nobody
        same = await self._in_turn(partial(argon2id.verify, told, kept))
        return same and hashed is not None

    async def hashed(self, password: str) -> str:
        """Return what is kept of a password. Raise TooManyWaitError."""
        return await self._in_turn(partial(argon2id.hash, normal(password)))

    async def _in_turn(self, work: Callable[[], Answer]) -> Answer:
        if self._waiting >= self._most_waiting:
            raise TooManyWaitError
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def normal(password: str) -> str:
    """Return the same letters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def fault_of(password: str, about: Iterable[str]) -> str:
    """Say in a word what is wrong with a new password: "short", "long", "guessable" or ""."""
    if len(normal(password)) < SHORTEST:
        return "short"
    if is_too_long(password):
        return "long"
    return "guessable" if _is_guessable(password, about) else ""


def is_too_long(password: str) -> bool:
    """Say whether it is longer than anybody types; it is not even hashed."""
    return len(password.encode(errors="replace")) > LONGEST_BYTES


def _is_guessable(password: str, about: Iterable[str]) -> bool:
    """Look it up in lists of common passwords, patterns, and words about its owner."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 (14 MB, for the few who choose a password)

    known = [*OURS, *(word for one in about for word in one.replace("@", " ").split())]
    score = zxcvbn(password[:LOOKED_AT], known, max_length=LOOKED_AT)["score"]
    rest = password.casefold()
    for word in known:
        rest = rest.replace(word.casefold(), "")
    return score < LEAST_SCORE or len("".join(rest.split())) < LEAST_OF_ONES_OWN
