"""What a curator should know of an order before it is printed; none of it forbids printing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.exhibits.model import Exhibit, ExhibitText, Status
from guide.exhibits.published import IS_PUBLISHED, NOW
from guide.languages.model import Language
from guide.qr.order import Order


@dataclass(frozen=True)
class Caution:
    """One thing to know: a word for it, which exhibits it is about, and in which language."""

    kind: str
    exhibits: tuple[Exhibit, ...]
    language: Language | None = None


def cautions_of(db: Session, order: Order) -> list[Caution]:
    """Look at what visitors will find who scan these labels, and what the labels will say."""
    exhibits = list(dict.fromkeys(code.exhibit for code in order.codes if code.exhibit))
    found = [*_of_visits(db, exhibits)]
    texts = _texts_of(db, exhibits)
    for language in order.languages:
        found.extend(_of_language(language, exhibits, texts))
    return [one for one in found if one.exhibits]


def _of_visits(db: Session, exhibits: Sequence[Exhibit]) -> Iterator[Caution]:
    published = set(db.scalars(select(Exhibit.id).where(IS_PUBLISHED)))
    yield Caution("unpublished", tuple(one for one in exhibits if one.id not in published))
    yield Caution("off-display", tuple(one for one in exhibits if one.off_display_at))


def _of_language(
    language: Language, exhibits: Iterable[Exhibit], texts: dict[tuple[int, str], str]
) -> Iterator[Caution]:
    nameless, silent, machine = [], [], []
    for one in exhibits:
        status = texts.get((one.id, language.tag))
        if not one.names.get(language.tag):
            nameless.append(one)
        if status is None:
            silent.append(one)
        elif status == Status.MACHINE:
            machine.append(one)
    yield Caution("no-name", tuple(nameless), language)
    yield Caution("no-text", tuple(silent), language)
    yield Caution("machine", tuple(machine), language)


def _texts_of(db: Session, exhibits: Sequence[Exhibit]) -> dict[tuple[int, str], str]:
    """Return how far each text has come that visitors can read."""
    query = select(ExhibitText.exhibit_id, ExhibitText.language, ExhibitText.status).where(
        ExhibitText.exhibit_id.in_([one.id for one in exhibits]),
        ExhibitText.published_at <= NOW,
    )
    return {(exhibit, language): status for exhibit, language, status in db.execute(query)}
