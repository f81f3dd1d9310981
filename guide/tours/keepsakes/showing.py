"""What the office's pages show of a page of the guest book, and of a gift."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.tours.keepsakes.keeping import Keepsake
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.person_pages import Written

UNSPOKEN = "zxx"
"""The language of words whose language nobody has told."""


@dataclass(frozen=True)
class ShownPage:
    """A page of the guest book; `picture` and `signature` are empty where there is none."""

    id: str
    text: Written
    translation: Written
    signatory: str
    publish: str
    picture: str
    signature: str
    at: str
    who: str

    @classmethod
    def of(cls, page: GuestBookPage, frame: OfficeFrame, names: Mapping[int, str]) -> Self:
        """Show a page; `names` are those of accounts."""
        return cls(
            id=str(page.id),
            text=Written.of(page.text, page.language or UNSPOKEN),
            translation=Written.of(page.translation, frame.lang),
            signatory=page.signatory,
            publish=page.publish,
            picture=page.picture or "",
            signature=page.signature or "",
            at=frame.moment(page.made_at),
            who=names.get(page.account_id or 0, ""),
        )


@dataclass(frozen=True)
class ShownGift:
    """A gift; `name` is what it is, in the language of the office where that was told."""

    id: str
    direction: str
    name: Written
    other: Written | None
    giver: str
    recipient: str
    details: tuple[tuple[str, str], ...]
    picture: str
    at: str
    who: str

    @classmethod
    def of(cls, gift: Gift, frame: OfficeFrame, names: Mapping[int, str]) -> Self:
        """Show a gift; `names` are those of accounts."""
        told = {"az": gift.description_az, "en": gift.description_en}
        ordered = sorted(told, key=lambda tag: tag != frame.lang)
        words = [Written.of(told[tag], tag) for tag in ordered if told[tag]]
        details = ("moment", "custody", "register_number", "value")
        return cls(
            id=str(gift.id),
            direction=gift.direction,
            name=words[0] if words else Written.of("", frame.lang),
            other=words[1] if words[1:] else None,
            giver=gift.giver,
            recipient=gift.recipient,
            details=tuple((name, said) for name in details if (said := getattr(gift, name))),
            picture=gift.picture or "",
            at=frame.moment(gift.made_at),
            who=names.get(gift.account_id or 0, ""),
        )


def names_of(db: Session, numbers: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of accounts by their numbers."""
    known = {number for number in numbers if number is not None}
    query = select(Account.id, Account.name).where(Account.id.in_(known))
    return {row.id: row.name for row in db.execute(query)}


def keepers_of(db: Session, rows: Iterable[Keepsake]) -> Mapping[int, str]:
    """Return the names of those who kept some rows."""
    return names_of(db, (row.account_id for row in rows))
