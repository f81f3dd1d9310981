"""The starter content: which addresses there are, and what one page says."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition, read_along
from guide.exhibits.showing import OnShow, next_publication
from guide.languages.model import Language
from guide.qr.queries import codes_of
from guide.visitors.pages import shown_facts
from guide.web.edition import Watch
from guide.web.markdown import html

LANGUAGE, EXHIBIT = "az", "maiden-tower"
CHAIN = (LANGUAGE, "en")
PAGE = f"/{LANGUAGE}/exhibits/{EXHIBIT}"


@dataclass(frozen=True)
class Museum:
    """What a benchmark asks a guide for."""

    languages: tuple[str, ...]
    exhibitions: tuple[str, ...]
    exhibits: tuple[str, ...]
    code: str

    @classmethod
    def of(cls, data_dir: Path) -> "Museum":
        """Read it from a guide's data folder."""
        with closing(_opened(data_dir)) as database, database.reading() as db:
            return cls(
                tuple(db.scalars(select(Language.tag))),
                tuple(db.scalars(select(Exhibition.slug))),
                tuple(db.scalars(select(Exhibit.slug))),
                next(c.code for c in codes_of(db) if c.thing.slug == EXHIBIT),
            )

    @property
    def pages(self) -> list[str]:
        """List the address of every printed page."""
        return [
            f"/{tag}/{rest}"
            for tag in self.languages
            for rest in (
                "",
                "code",
                "languages",
                *(f"exhibitions/{slug}" for slug in self.exhibitions),
                *(f"exhibits/{slug}" for slug in self.exhibits),
            )
        ]

    @property
    def exhibit_pages(self) -> list[str]:
        """List the address of every exhibit in one language."""
        return [f"/{LANGUAGE}/exhibits/{slug}" for slug in self.exhibits]

    @property
    def translated_pages(self) -> list[str]:
        """List the address of every exhibit in every language."""
        return [f"/{tag}/exhibits/{slug}" for tag in self.languages for slug in self.exhibits]


def write_content(data_dir: Path, size: int, file: Path) -> None:
    """Write what the exhibit's page says, for another system to say in as many bytes."""
    with closing(_opened(data_dir)) as database:
        watch = Watch(database, next_publication)
        exhibit = OnShow(database, watch).exhibit(EXHIBIT)
    if exhibit is None:
        raise LookupError(EXHIBIT)
    reading = read_along(exhibit.texts, CHAIN)
    room = sorted(exhibit.room.signposts, key=lambda one: one.slug != EXHIBIT)
    content = {
        "bytes": size,
        "exhibition": exhibit.exhibition.name_in(CHAIN).text,
        "room": [one.name_in(CHAIN).text for one in room],
        "hook": reading.hook.text if reading.hook else "",
        "look_for": "\n".join(line.text for line in reading.look_for),
        "story": str(html(reading.story.text)) if reading.story else "",
        "facts": [
            {
                "label": fact.label.text,
                "value": fact.value.text,
                "source": fact.source,
                "host": fact.host,
            }
            for fact in shown_facts(exhibit.facts, CHAIN)
        ],
    }
    file.write_text(json.dumps(content))


def _opened(data_dir: Path) -> Database:
    return Database.open(f"sqlite:///{data_dir / 'guide.sqlite3'}")
