"""Keeping what forms bring of a tour: once, never over what somebody else has written."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guide.accounts.permissions import GuideOrPlanner
from guide.accounts.tokens import keyed
from guide.db import Database
from guide.media.receiving import FileSent
from guide.media.refusals import RefusedFileError
from guide.tours.access import OpenTour, open_tour
from guide.tours.deeds import write_down
from guide.tours.keepsakes.forms import GiftForm, PageForm, Values
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.keepsakes.vault import Vault
from guide.tours.model import Tour
from guide.tours.person_pages import Difference
from guide.tours.walking.record import WALKED
from guide.web.forms import Number, Rejected, read, told_in

Keepsake = GuestBookPage | Gift

MOST = 200
"""Pages of the guest book of one tour, or its gifts."""

STATUS = {
    "large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "signature-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "room": HTTPStatus.INSUFFICIENT_STORAGE,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    **dict.fromkeys(("closed", "stale", "reused", "crossed"), HTTPStatus.CONFLICT),
}
"""What answers a refusal, where it is not 422."""


@dataclass(frozen=True)
class Register:
    """What is kept in one table: its form, its pictures, what says something, its deed."""

    row: type[GuestBookPage | Gift]
    form: type[BaseModel]
    pictures: tuple[str, ...]
    saying: tuple[str, ...]
    deed: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of its form, but for the key."""
        return tuple(name for name in self.form.model_fields if name != "key")


GUEST_BOOK = Register(
    GuestBookPage,
    PageForm,
    pictures=("picture", "signature"),
    saying=("picture", "signature", "text"),
    deed="tour.guest-book",
)
GIFTS = Register(
    Gift,
    GiftForm,
    pictures=("picture",),
    saying=("picture", "description_az", "description_en"),
    deed="tour.gift",
)


@dataclass(frozen=True)
class Sent:
    """A form and the files that came with it, which are kept already.

    `problem` is why a file is not; `pictures` are hashes by their field.
    """

    fields: Values
    pictures: Mapping[str, str]
    problem: str = ""


async def fields_sent(request: Request) -> AsyncIterator[dict[str, str]]:
    """Return the fields of a form whose files are still to be read; they are closed after."""
    async with request.form() as form:
        yield told_in(form)


FieldsSent = Annotated[dict[str, str], Depends(fields_sent)]


def keepsake_sent(
    request: Request, who: GuideOrPlanner, tour_id: Number, fields: FieldsSent, file: FileSent
) -> Sent:
    """Take the files of a form in, before any transaction begins; raise 404 for strangers."""
    database: Database = request.app.state.database
    with database.reading() as db:
        if not open_tour(db, who, tour_id).readable:
            raise HTTPException(HTTPStatus.NOT_FOUND)
    vault: Vault = request.app.state.vault
    whose = f"tour:{tour_id}/{fields.get('key', '')}"
    kept: dict[str, str] = {}
    try:
        if file is not None:
            kept["picture"] = vault.photograph(whose, file.file)
        if letters := fields.get("signature", ""):
            kept["signature"] = vault.signature(whose, letters)
    except RefusedFileError as refused:
        return Sent(fields, kept, refused.word)
    return Sent(fields, kept)


KeepsakeSent = Annotated[Sent, Depends(keepsake_sent)]


@dataclass(frozen=True)
class Outcome:
    """What became of a form: the row that is kept now, or why nothing was.

    Of what somebody else wrote `theirs` lists what differs. `left` are the files that may be
    named by nothing now.
    """

    row: Keepsake | None = None
    problem: str = ""
    is_new: bool = False
    errors: Mapping[str, str] | None = None
    theirs: Sequence[Difference] = ()
    left: frozenset[str] = frozenset()

    @property
    def status(self) -> HTTPStatus:
        """What answers it."""
        return STATUS.get(self.problem, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True)
class Keeper:
    """Keeps what is sent of one tour, for somebody, at a time."""

    db: Session
    found: OpenTour
    vault: Vault
    secret: str
    at: datetime

    def keep(self, what: Register, row: Keepsake | None, sent: Sent) -> Outcome:
        """Keep a new row, or change one that is there."""
        left = frozenset(sent.pictures.values())
        told, outcome = self._told(what, row, sent)
        if outcome:
            return Outcome(problem=outcome.problem, errors=outcome.errors, left=left)
        key = told.pop("key")
        known = row or self._with_key(what, key)
        now = said_by(what, known) if known else {}
        if known and now == told:
            return Outcome(known, left=left)
        is_seen = known is row and sent.fields.get("seen") == self.seen(what, row)
        if known and not is_seen:
            theirs = [Difference(name, str(now[name] or "")) for name in _other(now, told)]
            return Outcome(known, "stale" if row else "reused", theirs=tuple(theirs), left=left)
        if row is None and self._is_full(what):
            return Outcome(problem="full", left=left)
        return self._write(what, row, key, told, left)

    def remove(self, what: Register, row: Keepsake, seen: str) -> Outcome:
        """Delete a row that somebody has seen as it is; its files go when that is kept.

        What is left of a forgotten tour, that there was a gift and where it is, stays.
        """
        if not is_open(self.found.tour):
            return Outcome(row, "closed")
        if seen != self.seen(what, row):
            return Outcome(row, "stale")
        self._note(what, "removed", row, ())
        self.db.delete(row)
        return Outcome(row, left=_files(what, row))

    def seen(self, what: Register, row: Keepsake | None) -> str:
        """Return what tells whether a row still says what a form was filled from."""
        said = said_by(what, row) if row else {}
        return keyed(self.secret, what.deed, json.dumps(said, sort_keys=True))

    def _told(
        self, what: Register, row: Keepsake | None, sent: Sent
    ) -> tuple[dict[str, Any], Outcome | None]:
        """Return what a form says, pictures too, or why it cannot be kept."""
        if not is_open(self.found.tour):
            return {}, Outcome(problem="closed")
        form = read(what.form, sent.fields)
        if isinstance(form, Rejected):
            return {}, Outcome(problem="unreadable", errors=form.errors)
        if sent.problem:
            return {}, Outcome(problem=sent.problem)
        told = form.model_dump(mode="json")
        for name in what.pictures:
            was = getattr(row, name, None)
            kept = None if sent.fields.get(f"without_{name}") else was
            told[name] = sent.pictures.get(name, kept)
        if not any(told[name] for name in what.saying):
            return {}, Outcome(problem="nothing")
        if not all(self.vault.holds(hash_) for hash_ in sent.pictures.values()):
            return {}, Outcome(problem="crossed")
        return told, None

    def _write(
        self,
        what: Register,
        row: Keepsake | None,
        key: str,
        told: Mapping[str, Any],
        left: frozenset[str],
    ) -> Outcome:
        who = self.found.who
        kept = row or what.row(
            tour_id=self.found.tour.id, key=key, made_at=self.at, account_id=who.id
        )
        changed = _other(said_by(what, row), told) if row else ()
        left |= _files(what, row) if row else frozenset()
        for name, said in told.items():
            setattr(kept, name, said)
        if row is None:
            self.db.add(kept)
        self.db.flush()
        self._note(what, "changed" if row else "added", kept, changed)
        return Outcome(kept, is_new=row is None, left=left)

    def _note(self, what: Register, done: str, row: Keepsake, changed: Sequence[str]) -> None:
        noun = what.deed.rpartition(".")[2]
        fields = [f"{noun}:{row.id}", *changed]
        write_down(
            self.db, self.found.tour, f"{what.deed}.{done}", self.found.who, self.at, fields
        )

    def _with_key(self, what: Register, key: str) -> Keepsake | None:
        table = what.row
        query = select(table).where(table.tour_id == self.found.tour.id, table.key == key)
        found = self.db.scalar(query)
        return found if isinstance(found, (GuestBookPage, Gift)) else None

    def _is_full(self, what: Register) -> bool:
        there = select(func.count()).where(what.row.tour_id == self.found.tour.id)
        return (self.db.scalar(there) or 0) >= MOST


def is_open(tour: Tour) -> bool:
    """Say whether something of a tour can still be kept: it is walked, and not forgotten."""
    return tour.state in WALKED and tour.forgotten_at is None


def fresh_key() -> str:
    """Make the key of a form: however often it is sent, it is kept once."""
    return str(uuid4())


def said_by(what: Register, row: Keepsake) -> dict[str, Any]:
    """Return what a row says, by field."""
    return {name: getattr(row, name) for name in (*what.fields, *what.pictures)}


def values_of(what: Register, row: Keepsake | None) -> dict[str, str]:
    """Return the values of a form, of a row or of nothing yet."""
    if row is None:
        return {**dict.fromkeys(what.fields, ""), "key": fresh_key(), "signature": ""}
    said = {name: str(getattr(row, name)) for name in what.fields}
    return {**said, "key": row.key, "signature": ""}


def _files(what: Register, row: Keepsake) -> frozenset[str]:
    named = (getattr(row, name) for name in what.pictures)
    return frozenset(hash_ for hash_ in named if hash_)


def _other(now: Mapping[str, Any], told: Mapping[str, Any]) -> list[str]:
    return [name for name, said in told.items() if now[name] != said]
