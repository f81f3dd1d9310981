"""A link that shows one draft on a phone, for half an hour, to whoever has it."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel, ValidationError

GOOD_FOR = timedelta(minutes=30)


class DraftShown(BaseModel):
    """Which text a preview shows."""

    kind: str
    slug: str
    language: str


def preview_token(secret: str, kind: str, slug: str, language: str) -> str:
    """Return a token for a text as its draft is when it is looked at."""
    return _signer(secret).dumps({"kind": kind, "slug": slug, "language": language})


def draft_shown(secret: str, token: str) -> DraftShown | None:
    """Read a token; None when it is forged or over."""
    try:
        said = _signer(secret).loads(token, max_age=int(GOOD_FOR.total_seconds()))
        return DraftShown.model_validate(said)
    except (BadSignature, ValidationError):
        return None


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="preview")
