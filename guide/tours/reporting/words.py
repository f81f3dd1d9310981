"""What people write into a report, over what the events say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from guide.exhibits.words import Passage
from guide.tours.papers import WRITTEN_IN
from guide.tours.reporting.report import Consent, FollowUp

INTERESTS, GIFTS, BOOK = "interests", "gifts", "guest-book"
PRESS, INCIDENTS, FOLLOW_UPS = "press", "incidents", "follow-ups"

CAN_BE_NONE = (INTERESTS, GIFTS, BOOK, PRESS, INCIDENTS, FOLLOW_UPS)
"""Sections of which somebody can say that there was none."""


@dataclass(frozen=True)
class Words:
    """What is written in one version.

    `tongues` are the languages that the free words are in, by the name of their field;
    `notes` are the press notes that differ from what the guide would say, by language;
    `seq` is the last event that the writer had before them.
    """

    interests: str = ""
    quotes: str = ""
    quoting: Consent = Consent.UNASKED
    press: str = ""
    released: str = ""
    incidents: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    none: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    tongues: Mapping[str, str] = field(default_factory=dict[str, str])
    seq: int = 0

    def passage(self, name: str) -> Passage | None:
        """Return the free words of a field in their language, None when there are none."""
        text = getattr(self, name)
        return Passage(text, self.tongues.get(name, WRITTEN_IN)) if text else None

    def kept(self) -> dict[str, Any]:
        """Return them as a version keeps them."""
        told: dict[str, Any] = SHAPE.dump_python(self, mode="json")
        return told

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Words":
        """Return those of a version; of one that was emptied, none."""
        return SHAPE.validate_python(kept)


SHAPE = TypeAdapter(Words)
