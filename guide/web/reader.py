"""Which language somebody reads in: by the address, a choice, a delegation, or the phone."""

from http import HTTPStatus
from time import time
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from guide.db import Database
from guide.languages.model import Language, Offer
from guide.languages.queries import offer
from guide.web.edition import KeptForEdition, Watch

CHOICE = "lang"
CHOICE_SECONDS = 30 * 24 * 3600
DELEGATION = "d"


class WrongCaseError(Exception):
    """An address spells a language in another case; `path` is the right one."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class DelegationPass(BaseModel):
    """What the cookie `d` says: a visit, its language, and when it is over (UTC seconds)."""

    visit: int
    language: str
    until: int


class KnownLanguages:
    """The languages that are on, kept for one edition."""

    def __init__(self, database: Database, watch: Watch, default: str) -> None:
        self.database = database
        self.default = default
        self._kept = KeptForEdition(watch, 1, self._read)

    def known(self) -> Offer | None:
        """Return them if they were read in this edition; never waits."""
        return self._kept.known("")

    def offer(self) -> Offer:
        """Return them, read apart from the request's own transaction if need be."""
        return self._kept.get("") or Offer((), self.default)

    def _read(self, _: str) -> Offer:
        with self.database.reading() as db:
            return offer(db, self.default)


def offered(request: Request) -> Offer:
    """Return the languages that are on."""
    languages: KnownLanguages = request.app.state.languages
    return languages.offer()


async def offered_at_once(request: Request) -> Offer:
    """Return the languages that are on, without a thread where they are known."""
    languages: KnownLanguages = request.app.state.languages
    known = languages.known()
    if known is None:
        known = await run_in_threadpool(languages.offer)
    return known


Offered = Annotated[Offer, Depends(offered)]


def language_in_path(request: Request, lang: str, languages: Offered) -> Language:
    """Return the language that the address names; an unknown one is not found."""
    return language_at(request.url.path, lang, languages)


def language_at(path: str, lang: str, languages: Offer) -> Language:
    """Return the language that a path begins with; raises WrongCaseError or a 404."""
    if named := languages.named(lang):
        return named
    if spelt := languages.spelt(lang):
        raise WrongCaseError(path.replace(f"/{lang}", f"/{spelt.tag}", 1))
    raise HTTPException(HTTPStatus.NOT_FOUND)


def in_language(language: Language, path: str, languages: Offer) -> str:
    """Return a path as it is in a language, if it begins with one at all."""
    first, slash, rest = path.removeprefix("/").partition("/")
    return f"/{language.tag}{slash}{rest}" if languages.named(first) else path


def language_of_reader(request: Request, languages: Offered) -> Language:
    """Choose for an address without a language (`docs/adr/0004-languages.md`)."""
    chosen = languages.named(request.cookies.get(CHOICE))
    if chosen is None and (shown := delegation_pass(request)):
        chosen = languages.named(shown.language)
    return chosen or _of_phone(request, languages)


def language_with(request: Request, languages: Offer, theirs: str | None) -> Language:
    """Choose for a page of a delegation: what its reader chose, its own, the phone's."""
    chosen = languages.named(request.cookies.get(CHOICE)) or languages.named(theirs)
    return chosen or _of_phone(request, languages)


def language_of_refusal(request: Request, languages: Offer) -> Language:
    """Choose for a refusal: the address's language if it has one, else the reader's."""
    first = request.scope["path"].removeprefix("/").partition("/")[0]
    return languages.spelt(first) or language_of_reader(request, languages)


def delegation_pass(request: Request) -> DelegationPass | None:
    """Read the signed cookie of a delegation; None when absent, forged or over."""
    cookie = request.cookies.get(DELEGATION)
    if not cookie:
        return None
    try:
        said = DelegationPass.model_validate(
            pass_signer(request.app.state.secret).loads(cookie)
        )
    except (BadSignature, ValidationError):
        return None
    return said if said.until > time() else None


def keep_pass(request: Request, response: Response, shown: DelegationPass) -> None:
    """Let a phone's scans open in the language of its delegation, until the visit is over."""
    said = pass_signer(request.app.state.secret).dumps(shown.model_dump())
    response.set_cookie(
        DELEGATION,
        said if isinstance(said, str) else said.decode(),
        max_age=shown.until - int(time()),
        path="/",
        secure=request.app.state.settings.public_url is not None,
        httponly=True,
        samesite="lax",
    )


def pass_signer(secret: str) -> URLSafeSerializer:
    """Return what signs and reads the cookie `d`."""
    return URLSafeSerializer(secret, salt="delegation")


def _of_phone(request: Request, languages: Offer) -> Language:
    return languages.for_header(", ".join(request.headers.getlist("accept-language")))


InPath = Annotated[Language, Depends(language_in_path)]
OfReader = Annotated[Language, Depends(language_of_reader)]
