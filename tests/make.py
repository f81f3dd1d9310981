"""The dullest valid things; a test states what matters."""

import itertools
from datetime import UTC, datetime

from guide.accounts.model import Account, Role
from guide.exhibits.model import Exhibit, Exhibition, ExhibitText
from guide.languages.model import Language, Offer
from guide.qr.model import Code
from guide.tours.model import Level, Party, State, Tour, TourBrief
from guide.tours.people import PersonRole, Side, TourPerson
from guide.tours.stops import Priority, TourStop

NUMBERS = itertools.count(1)
YESTERDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def exhibition(slug: str = "carpets") -> Exhibition:
    return Exhibition(
        slug=slug, position=1, accent="madder", names={"en": "Carpets"}, names_note="", facts=()
    )


def exhibit(
    slug: str = "mirror", *, of: Exhibition | None = None, published: bool = True
) -> Exhibit:
    made = Exhibit(
        slug=slug,
        exhibition=of or exhibition(),
        position=1,
        category="carpet",
        presence="reported",
        presence_note={},
        minutes=3,
        names={"en": slug},
        names_note="",
        facts=(),
        related=(),
    )
    made.texts = [text()]
    if published:
        made.texts[0].publish(at=YESTERDAY)
    return made


def text(language: str = "en", **fields: object) -> ExhibitText:
    dull = {
        "status": "reviewed",
        "hook": "A hook.",
        "look_for": [],
        "story": "A story.",
        "made_from": {},
    }
    return ExhibitText(language=language, **(dull | fields))


def code(name: str, *, of: Exhibit | Exhibition) -> Code:
    return Code.minted(name, of, at=YESTERDAY)


def language(tag: str, *fallback: str, also: tuple[str, ...] = ()) -> Language:
    return Language(
        tag=tag,
        position=1,
        endonym=tag,
        direction="rtl" if tag == "ar" else "ltr",
        script="Latn",
        digits="latn",
        fallback=fallback,
        also=also,
        switched_off_at=None,
    )


def offer() -> Offer:
    """The languages of the starter content."""
    others = [language(tag, "en", "az") for tag in ("ru", "tr", "ar", "fr")]
    chinese = language("zh-Hans", "en", "az", also=("zh", "yue"))
    return Offer.of([language("az", "en"), language("en", "az"), chinese, *others], "az")


def account(
    *roles: Role, email: str = "aysel@example.org", password: str | None = None
) -> Account:
    """Somebody who has not been given a password, unless a hash of one is named."""
    made = Account(email=email, name="Aysel", language="en", made_at=YESTERDAY)
    made.give_roles(roles)
    if password:
        made.set_password(password, at=YESTERDAY)
    return made


def tour(**fields: object) -> Tour:
    dull = {
        "reference": f"2026-{next(NUMBERS):03}",
        "version": 1,
        "state": State.PLANNED,
        "level": Level.INTERNAL,
        "category": "official",
        "parties": (Party("organisation", {"en": "Friendship Association"}),),
        "languages": ["en"],
        "people": 8,
        "date": "2026-12-01",
        "starts_at": datetime(2026, 12, 1, 7, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        "photo_policy": "unknown",
        "with_press": False,
        "made_at": YESTERDAY,
        "brief": TourBrief(),
        "stops": [],
        "persons": [],
        "staff": [],
        "interpreters": [],
    }
    return Tour(**(dull | fields))


def stop(position: int = 1, **fields: object) -> TourStop:
    dull = {"names": {}, "minutes": 5, "priority": Priority.SHOULD, "note": ""}
    return TourStop(position=position, **(dull | fields))


def person(name: str = "Yang Wanming", **fields: object) -> TourPerson:
    dull = {
        "side": Side.GUEST,
        "role": PersonRole.HEAD,
        "precedence": 1,
        "name_language": "en",
        "positions": {},
    }
    return TourPerson(name_official=name, **(dull | fields))
