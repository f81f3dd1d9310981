"""The draft of a press note: the pattern of the Center's news, and only what is known.

Guides, interpreters and how many came are never in it. It is told nothing of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from guide.exhibits.words import Passage
from guide.tours.paper_words import Tongue, customs

FEWEST, MOST = 80, 120
"""Words of a press note (`tours.md`, section 5)."""
SIGNS_TO_A_WORD = 1.6
"""Chinese counts signs: a word takes some one and a half of them."""

MOST_NAMED = 4
HAN = re.compile("[\u3400-\u9fff]")

MARKS = {
    "az": ("“", "”"),
    "ru": ("«", "»"),
    "fr": ("«\u00a0", "\u00a0»"),
    "ar": ("«", "»"),
    "zh-Hans": ("“", "”"),
}
USUAL_MARKS = ("“", "”")
COMMAS = {"zh-Hans": "，", "ar": "، "}
"""Between a name, a position and a party."""


@dataclass(frozen=True)
class Known:
    """What is known of a visit, of all that a press note may say."""

    day: date | None
    head: str = ""
    party: str = ""
    host: str = ""
    was_guided: bool = False
    exhibitions: tuple[str, ...] = ()
    exhibits: tuple[str, ...] = ()
    about: tuple[Passage, ...] = ()
    signed_the_book: bool = False
    was_given_a_keepsake: bool = False


def draft_of(known: Known, tag: str) -> str:
    """Write the note; empty while there is no day that it could name.

    What it may say besides is said while it is shorter than it should be.
    """
    if known.day is None:
        return ""
    said = list(_sentences(known, Tongue(tag)))
    least, most = limits(tag)
    note, kept = _joined(said, set(), tag), set[int]()
    for place, (_, is_needed) in enumerate(said):
        longer = _joined(said, kept | {place}, tag)
        if not is_needed and length(note) < least and length(longer) <= most:
            note, kept = longer, kept | {place}
    return note


def introduced(parts: Sequence[str], tag: str) -> str:
    """Say a name with what somebody is, as a language strings them; nothing twice."""
    return COMMAS.get(tag, ", ").join(dict.fromkeys(part for part in parts if part))


def length(note: str) -> int:
    """Count the words of a note, or the signs of a Chinese one."""
    return len(HAN.findall(note)) or len(note.split())


def limits(tag: str) -> tuple[int, int]:
    """Return how many words, or signs, a note should have, at the least and the most."""
    if not tag.startswith("zh"):
        return FEWEST, MOST
    return round(FEWEST * SIGNS_TO_A_WORD), round(MOST * SIGNS_TO_A_WORD)


def named_in(note: str, names: Sequence[str]) -> list[str]:
    """Find the names that a note must not say."""
    return [name for name in names if name and name.casefold() in note.casefold()]


def _joined(said: Sequence[tuple[str, bool]], kept: set[int], tag: str) -> str:
    some = [words for place, (words, needed) in enumerate(said) if needed or place in kept]
    return ("" if tag.startswith("zh") else " ").join(some)


def _sentences(known: Known, tongue: Tongue) -> Iterator[tuple[str, bool]]:
    """Say what can be said, in its order, and whether it must be."""
    yield _opening(known, tongue), True
    if known.host:
        yield (
            tongue.gettext("The guests were received by %(host)s.", host=known.host)["text"],
            True,
        )
    if known.was_guided:
        guided = tongue.gettext("On a guided tour the guests were informed about the Center.")
        yield guided["text"], True
    opened = tongue.gettext(
        "The Heydar Aliyev Center, designed by Zaha Hadid, was opened on 10 May 2012."
    )
    yield opened["text"], False
    if known.exhibitions:
        names = _listed(known.exhibitions, tongue.tag)
        viewed = (
            tongue.gettext("They viewed the exhibition %(names)s.", names=names)
            if len(known.exhibitions) == 1
            else tongue.gettext("They viewed the exhibitions %(names)s.", names=names)
        )
        yield viewed["text"], True
    if known.exhibits:
        names = _listed(known.exhibits[:MOST_NAMED], tongue.tag)
        yield tongue.gettext("What they saw included %(names)s.", names=names)["text"], False
    for one in known.about:
        if one.language == tongue.tag:
            yield one.text, False
    if known.signed_the_book:
        yield tongue.gettext("The guests signed the guest book of the Center.")["text"], True
    if known.was_given_a_keepsake:
        given = tongue.gettext("The delegation was presented with a keepsake.")
        yield given["text"], True


def _opening(known: Known, tongue: Tongue) -> str:
    day = tongue.short_day(known.day)["text"] if known.day else ""
    if known.head:
        said = tongue.gettext(
            "On %(day)s the Heydar Aliyev Center welcomed a delegation led by %(head)s.",
            day=day,
            head=known.head,
        )
    elif known.party:
        said = tongue.gettext(
            "On %(day)s the Heydar Aliyev Center welcomed a delegation: %(party)s.",
            day=day,
            party=known.party,
        )
    else:
        said = tongue.gettext(
            "On %(day)s the Heydar Aliyev Center welcomed a delegation.", day=day
        )
    return said["text"]


def _listed(names: Sequence[str], tag: str) -> str:
    before, after = MARKS.get(tag, USUAL_MARKS)
    marked = [f"{before}{name}{after}" for name in names]
    return str(format_list(marked, locale=customs(tag)))
