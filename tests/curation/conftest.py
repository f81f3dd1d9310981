"""Curators in browsers of their own, as in the accounts' tests."""

from collections.abc import Callable, Mapping

import pytest

from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits import publishing
from guide.exhibits.publishing import TextOf
from tests.accounts.conftest import Desk, SignedIn, signed_in

__all__ = ["signed_in"]

Opened = Callable[..., dict[str, str]]


@pytest.fixture
def aysel(signed_in: SignedIn) -> Desk:
    """A curator."""
    return signed_in(Role.CURATOR, email="aysel@example.org")


@pytest.fixture
def rauf(signed_in: SignedIn) -> Desk:
    """Another curator."""
    return signed_in(Role.CURATOR, email="rauf@example.org")


def address(language: str = "en", slug: str = "tar", kind: str = "exhibit") -> str:
    return f"/staff/texts/{kind}/{slug}/{language}"


def stored(museum: Database, language: str = "en", slug: str = "tar") -> TextOf:
    """Look a text up, as it is now."""
    with museum.reading() as db:
        owner = publishing.owner_of(db, "exhibit", slug)
        assert owner
        return publishing.text_of(db, owner, language)


def typed(museum: Database, desk: Desk, language: str = "en", **words: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    text = stored(museum, language)
    newest = text.newest
    values: Mapping[str, str] = {
        "name": newest.name,
        "hook": newest.hook,
        "look_for": "\r\n".join(newest.look_for),
        "story": newest.story,
    }
    return {**desk.form, "version": text.version, **values, **words}
