"""What of the exhibitions other systems can read: what visitors read, and nothing besides.

Each field says which language it is in: the one that was asked for, or the next in its chain.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from guide.exhibits.listing import Listed
from guide.exhibits.model import Fact, Reading, Told, read_along
from guide.exhibits.showing import ListedExhibition, ShownExhibit, ShownExhibition, Signpost
from guide.exhibits.words import Passage, Words, first_in
from guide.languages.catalogues import translations
from guide.languages.model import Language

IN_WORDS = {
    "reported": "A named source reports that this has been shown in the exhibition.",
    "context": (
        "Background: this page is about a type or a technique, not about one object on show."
    ),
}
NOT_CONFIRMED = "No source confirms that this is shown in the exhibition."

Read = Literal["machine", "reviewed"]
Slug = Annotated[str, Field(examples=["tar"])]
Tag = Annotated[str, Field(description="A BCP 47 tag.", examples=["en"])]


class Shape(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(frozen=True)


class Said(Shape):
    """Words, and the language that they are in."""

    text: Annotated[str, Field(examples=["Tar"])]
    language: Tag

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Take words as they are."""
        return cls(text=passage.text, language=passage.language)

    @classmethod
    def along(cls, words: Words, chain: Sequence[str]) -> Self | None:
        """Take words in the first language of a chain that has them."""
        found = first_in(words, chain)
        return cls.of(found) if found else None


class Written(Said):
    """A text; `machine` until a person has read it."""

    status: Read

    @classmethod
    def read(cls, passage: Passage | None, reading: Reading) -> Self | None:
        """Take a field of a text with its status."""
        if passage is None:
            return None
        status = reading.statuses.get(passage.language)
        known: Literal["machine", "reviewed"] = (
            "reviewed" if status == "reviewed" else "machine"
        )
        return cls(text=passage.text, language=passage.language, status=known)


class Text(Shape):
    """The text of a page: an opening line, what to look for, and a story in Markdown."""

    hook: Written | None
    look_for: list[Written]
    story: Written | None

    @classmethod
    def of(cls, texts: Sequence[Told], chain: Sequence[str]) -> Self:
        """Read published texts along a chain of languages, field by field."""
        reading = read_along(texts, chain)
        lines = (Written.read(one, reading) for one in reading.look_for)
        return cls(
            hook=Written.read(reading.hook, reading),
            look_for=[one for one in lines if one],
            story=Written.read(reading.story, reading),
        )


class ShownFact(Shape):
    """A statement with its source; one without is not shown."""

    label: Said
    value: Said
    source: Annotated[str, Field(description="The address of the source.")]
    confidence: str


class Presence(Shape):
    """Whether something is shown, as far as sources say, in one word and in a sentence."""

    kind: Literal["reported", "context", "unconfirmed"]
    in_words: Said
    note: Said | None = None

    @classmethod
    def of(cls, kind: str, lang: str) -> Self:
        """Say it in the language that was asked for."""
        sentence = translations(lang).ugettext(IN_WORDS.get(kind, NOT_CONFIRMED))
        known: Literal["reported", "context"] | None = next(
            (one for one in ("reported", "context") if one == kind), None
        )
        in_words = Said(text=sentence, language=lang)
        return cls(kind=known or "unconfirmed", in_words=in_words)


class Link(Shape):
    """Something that has an address of its own here."""

    slug: Slug
    name: Said

    @classmethod
    def to(cls, signpost: Signpost, chain: Sequence[str]) -> Self:
        """Point at it."""
        return cls(slug=signpost.slug, name=Said.of(signpost.name_in(chain)))


class RelatedLink(Link):
    """Another exhibit of the same exhibition, and why it is pointed at."""

    reason: str


class ExhibitionRow(Link):
    """An exhibition in the list of all; `exhibits` is how many there are to read of."""

    exhibits: int

    @classmethod
    def row(cls, one: ListedExhibition, chain: Sequence[str]) -> Self:
        """List an exhibition."""
        name = Said.of(one.signpost.name_in(chain))
        return cls(slug=one.signpost.slug, name=name, exhibits=one.count)


class Exhibitions(Shape):
    """The exhibitions in the order of the rooms."""

    language: Tag
    items: list[ExhibitionRow]


class Exhibition(Link):
    """An exhibition with its exhibits in their order."""

    language: Tag
    closed_at: Annotated[datetime | None, Field(description="Since when it is over.")]
    text: Text
    facts: list[ShownFact]
    exhibits: list[Link]

    @classmethod
    def of(cls, shown: ShownExhibition, language: Language) -> Self:
        """Show an exhibition."""
        chain = language.chain
        return cls(
            slug=shown.signpost.slug,
            name=Said.of(shown.signpost.name_in(chain)),
            language=language.tag,
            closed_at=shown.closed_at,
            text=Text.of(shown.texts, chain),
            facts=facts_in(shown.facts, chain),
            exhibits=[Link.to(one, chain) for one in shown.room.signposts],
        )


class ExhibitRow(Link):
    """An exhibit in a list."""

    exhibition: Link
    presence: Presence
    hook: Written | None

    @classmethod
    def row(cls, one: Listed, texts: Sequence[Told], language: Language) -> Self:
        """List an exhibit."""
        chain = language.chain
        reading = read_along(texts, chain)
        return cls(
            slug=one.signpost.slug,
            name=Said.of(one.signpost.name_in(chain)),
            exhibition=Link.to(one.exhibition, chain),
            presence=Presence.of(one.signpost.presence, language.tag),
            hook=Written.read(reading.hook, reading),
        )


class Exhibits(Shape):
    """A page of exhibits; `next` is the cursor of the page after it, if there is one."""

    language: Tag
    items: list[ExhibitRow]
    next: str | None


class Exhibit(Link):
    """An exhibit, as its page shows it."""

    language: Tag
    exhibition: Link
    number: Annotated[int, Field(description="Its place in the exhibition, from 1.")]
    presence: Presence
    is_off_display: bool
    hall: Link | None
    text: Text
    facts: list[ShownFact]
    related: list[RelatedLink]

    @classmethod
    def of(cls, shown: ShownExhibit, language: Language) -> Self:
        """Show a published exhibit."""
        chain, room, slug = language.chain, shown.room, shown.signpost.slug
        presence = Presence.of(shown.signpost.presence, language.tag)
        note = Said.along(shown.presence_note, chain)
        return cls(
            slug=slug,
            name=Said.of(shown.signpost.name_in(chain)),
            language=language.tag,
            exhibition=Link.to(shown.exhibition, chain),
            number=room.places[slug] + 1,
            presence=presence.model_copy(update={"note": note}),
            is_off_display=shown.is_off_display,
            hall=Link.to(shown.hall, chain) if shown.hall else None,
            text=Text.of(shown.texts, chain),
            facts=facts_in(shown.facts, chain),
            related=[
                RelatedLink(
                    slug=one.exhibit,
                    name=Said.of(room.signposts[room.places[one.exhibit]].name_in(chain)),
                    reason=one.reason,
                )
                for one in shown.related
                if one.exhibit in room.places
            ],
        )


class LanguageRow(Shape):
    """A language that the guide is offered in."""

    tag: Tag
    name: Annotated[str, Field(description="In the language itself.", examples=["English"])]
    direction: Literal["ltr", "rtl"]
    chain: Annotated[
        list[str], Field(description="Where a missing text is taken from, itself first.")
    ]

    @classmethod
    def of(cls, language: Language) -> Self:
        """Show a language."""
        direction: Literal["ltr", "rtl"] = "rtl" if language.direction == "rtl" else "ltr"
        return cls(
            tag=language.tag,
            name=language.endonym,
            direction=direction,
            chain=list(language.chain),
        )


class Languages(Shape):
    """The languages in their order."""

    items: list[LanguageRow]


def facts_in(facts: Sequence[Fact], chain: Sequence[str]) -> list[ShownFact]:
    """Show the facts that have a source, in the first language that has them."""
    shown: list[ShownFact] = []
    for fact in facts:
        label, value = Said.along(fact.label, chain), Said.along(fact.value, chain)
        if fact.is_sourced and label and value:
            shown.append(
                ShownFact(
                    label=label, value=value, source=fact.source, confidence=fact.confidence
                )
            )
    return shown
