"""What proves a session, a form or an invitation: random words, kept only as hashes."""

import hashlib
import hmac
import secrets

FRESH_BYTES = 32


def fresh_token() -> str:
    """Return 256 random bits as a word for a cookie or an address."""
    return secrets.token_urlsafe(FRESH_BYTES)


def hashed(token: str) -> str:
    """Return what is kept of a token; it is random, so a plain SHA-256 cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(secret: str, purpose: str, *words: str) -> str:
    """Return the HMAC-SHA-256 of words, of one purpose alone."""
    told = "\0".join((purpose, *words)).encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def form_token(secret: str, session: str, salt: str) -> str:
    """Return what a form of a session carries: other on every page, as BREACH asks for."""
    return f"{salt}.{keyed(secret, 'form', session, salt)}"


def is_form_token(said: str, secret: str, session: str) -> bool:
    """Say whether a form comes from a page of this session."""
    salt = said.partition(".")[0]
    return hmac.compare_digest(said.encode(), form_token(secret, session, salt).encode())
