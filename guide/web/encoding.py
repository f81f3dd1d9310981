"""Which encoding of a body a client gets."""

from functools import lru_cache

OFFERED = ("br", "gzip")
"""The encodings that bodies are kept in, best first."""


@lru_cache(maxsize=256)
def best_encoding(accept_encoding: bytes) -> str:
    """Return the best encoding that a client accepts, an empty string for none.

    A token counts as it stands; one with a weight of zero does not.
    """
    tokens = [token.strip() for token in accept_encoding.decode("latin-1").split(",")]
    accepted = {token.partition(";")[0].strip() for token in tokens if not _is_refused(token)}
    return next((one for one in OFFERED if one in accepted), "")


def _is_refused(token: str) -> bool:
    weight = token.partition("q=")[2].strip()
    return bool(weight) and not weight.strip("0.")
