"""What the papers of a tour say of their own, per language, and how words go to a sheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from guide.exhibits.words import Passage
from guide.languages.catalogues import locale, translations
from guide.qr.typesetting import spoken as said_of
from guide.tours.model import Level, PhotoPolicy
from guide.tours.papers import ContactFor
from guide.tours.people import Mode, PersonRole
from guide.tours.stops import Priority

Said = dict[str, str]
"""Words as a sheet takes them: text, lang, dir."""

BREAKS = re.compile(r"[\t\r\n]+")


@dataclass(frozen=True)
class Tongue:
    """A language that a paper is in, and what it calls things."""

    tag: str

    def gettext(self, sentence: str, **values: object) -> Said:
        """Say one of the papers' own sentences."""
        said = translations(self.tag).ugettext(sentence)
        return self.said(said % values if values else said)

    def said(self, words: str) -> Said:
        """Say words that are in this language."""
        return spoken(Passage(words, self.tag))

    def day(self, day: date) -> Said:
        """Say a day in words, with the day of the week."""
        return self.said(format_date(day, "full", customs(self.tag)))

    def short_day(self, day: date) -> Said:
        """Say a day in words."""
        return self.said(format_date(day, "long", customs(self.tag)))

    def language(self, tag: str) -> str:
        """Name a language that is spoken, however it is written."""
        plain = tag.partition("-")[0]
        return str(locale(self.tag).languages.get(plain) or tag)

    def languages(self, tags: Sequence[str]) -> Said:
        """Name several languages in a row."""
        return self.said(
            format_list([self.language(tag) for tag in tags], locale=locale(self.tag))
        )

    def level(self, level: Level) -> Said:
        """Name a level of confidentiality."""
        return {
            Level.PUBLIC: self.gettext("Level 0: public"),
            Level.INTERNAL: self.gettext("Level 1: internal"),
            Level.RESTRICTED: self.gettext("Level 2: restricted"),
            Level.CLOSED: self.gettext("Level 3: closed"),
        }[level]

    def role(self, role: PersonRole) -> Said:
        """Name what somebody is in a delegation or among its hosts."""
        return {
            PersonRole.HEAD: self.gettext("Head of the delegation"),
            PersonRole.SPOUSE: self.gettext("Spouse"),
            PersonRole.MEMBER: self.gettext("Member"),
            PersonRole.AIDE: self.gettext("Aide"),
            PersonRole.INTERPRETER: self.gettext("Interpreter"),
            PersonRole.SECURITY: self.gettext("Security"),
            PersonRole.MEDIA: self.gettext("Press"),
            PersonRole.GREETER: self.gettext("Greeter"),
        }[role]

    def mode(self, mode: Mode) -> Said:
        """Name how an interpreter works."""
        return {
            Mode.CONSECUTIVE: self.gettext("consecutive"),
            Mode.SIMULTANEOUS: self.gettext("simultaneous"),
            Mode.WHISPERED: self.gettext("whispered"),
        }[mode]

    def priority(self, priority: Priority) -> Said:
        """Name how much a stop matters."""
        return {
            Priority.MUST: self.gettext("must be seen"),
            Priority.SHOULD: self.gettext("should be seen"),
            Priority.COULD: self.gettext("if there is time"),
        }[priority]

    def photo_policy(self, policy: PhotoPolicy) -> Said | None:
        """Say whether photographs may be taken; None when nobody has told."""
        return {
            PhotoPolicy.UNKNOWN: None,
            PhotoPolicy.WELCOME: self.gettext("Photographs are welcome."),
            PhotoPolicy.ASK: self.gettext("Ask before taking photographs."),
            PhotoPolicy.NONE: self.gettext("No photographs."),
        }[policy]

    def contact(self, of: ContactFor) -> Said:
        """Name what somebody is called for."""
        return {
            ContactFor.HOST: self.gettext("Host"),
            ContactFor.REQUEST: self.gettext("Requested by"),
            ContactFor.ANYTHING: self.gettext("Contact"),
            ContactFor.SECURITY: self.gettext("Security"),
            ContactFor.VEHICLES: self.gettext("Vehicles"),
        }[of]


def spoken(passage: Passage) -> Said:
    """Say words as a sheet takes them, on one line."""
    return said_of(Passage(BREAKS.sub(" ", passage.text), passage.language))


def lines_of(passage: Passage | None) -> list[Said]:
    """Say a text line by line, as somebody has typed it."""
    lines = passage.text.splitlines() if passage else []
    return [
        spoken(Passage(line, passage.language)) for line in lines if passage and line.strip()
    ]


def customs(tag: str) -> Locale:
    """Return the rules for days and lists; the Center's English is that of Britain."""
    return Locale("en", "GB") if tag == "en" else locale(tag)
