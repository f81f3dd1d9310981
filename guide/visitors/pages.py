"""What each public page shows: strings in the reader's language, nothing of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self
from urllib.parse import urlsplit

from markupsafe import Markup

from guide.exhibits.model import SOURCE_LANGUAGE, Fact, Reading, Status, read_along
from guide.exhibits.showing import (
    Drawn,
    ListedExhibition,
    ShownCenter,
    ShownExhibit,
    ShownExhibition,
    ShownWord,
    Signpost,
)
from guide.exhibits.words import Passage, first_in
from guide.illustrations.carpets import Carpet
from guide.illustrations.plans import Illustration, drawing, plan_of
from guide.languages.sorting import sort_key
from guide.visitors.media import Photo, Sound
from guide.web.assets import Asset
from guide.web.markdown import drawn, html
from guide.web.pages import PRIVATE, PUBLIC, Frame, PublicPage

RELATED_SHOWN = 3


@dataclass(frozen=True)
class Block:
    """A story as HTML, and the language that it is in."""

    html: Markup
    language: str

    @classmethod
    def of(cls, passage: Passage | None) -> Self | None:
        """Render a passage of Markdown."""
        return cls(html(passage.text), passage.language) if passage else None


@dataclass(frozen=True)
class Account:
    """A text as it stands on a page, and what must be said about how it was made."""

    hook: Passage | None
    look_for: tuple[Passage, ...]
    story: Block | None
    is_machine_translated: bool
    is_unreviewed: bool

    @classmethod
    def of(cls, reading: Reading, language: str) -> Self:
        """Show a reading to somebody who reads in `language`."""
        unreviewed = {
            tag for tag in reading.languages if reading.statuses.get(tag) == Status.MACHINE
        }
        return cls(
            hook=reading.hook,
            look_for=reading.look_for,
            story=Block.of(reading.story),
            is_machine_translated=language in unreviewed and language in reading.translated,
            is_unreviewed=bool(unreviewed),
        )


@dataclass(frozen=True)
class ShownFact:
    """A fact with its source's host, which is what a reader can judge."""

    label: Passage
    value: Passage
    source: str
    host: str
    confidence: str

    @classmethod
    def of(cls, fact: Fact, chain: Sequence[str]) -> Self | None:
        """Show a fact in the first language that has it; without a source it is not shown."""
        label, value = first_in(fact.label, chain), first_in(fact.value, chain)
        if not (fact.is_sourced and label and value):
            return None
        host = urlsplit(fact.source).hostname or ""
        return cls(label, value, fact.source, host.removeprefix("www."), fact.confidence)


def shown_facts(facts: Sequence[Fact], chain: Sequence[str]) -> tuple[ShownFact, ...]:
    """Show the facts that have a source."""
    return tuple(shown for fact in facts if (shown := ShownFact.of(fact, chain)))


@dataclass(frozen=True)
class Row:
    """An exhibit or exhibition in a list."""

    slug: str
    name: Passage
    accent: str = ""
    count: int = 0
    presence: str = ""
    reason: str = ""
    picture: "Picture | None" = None

    @classmethod
    def of(
        cls,
        signpost: Signpost,
        chain: Sequence[str],
        reason: str = "",
        picture: "Picture | None" = None,
    ) -> Self:
        """Show an exhibit as a row."""
        name = signpost.name_in(chain)
        return cls(
            signpost.slug, name, presence=signpost.presence, reason=reason, picture=picture
        )


@dataclass(frozen=True)
class Picture:
    """A drawing of an exhibit: in the page itself, or a file of its own under its hash."""

    slug: str
    name: Passage
    kind: str
    has_bar: bool
    inline: Markup | None
    hash: str

    @classmethod
    def of(cls, one: Drawn, chain: Sequence[str]) -> Self:
        """Draw; lines stand in the page in the ink of its theme, a carpet is a file."""
        plan = plan_of(one.illustration)
        is_file = isinstance(plan, Carpet)
        return cls(
            slug=one.signpost.slug,
            name=one.signpost.name_in(chain),
            kind=plan.kind,
            has_bar=plan.has_bar,
            inline=None if is_file else drawn(drawing(plan)),
            hash=file_of(plan).hash if is_file else "",
        )


@lru_cache(maxsize=256)
def file_of(plan: Illustration) -> Asset:
    """Make the file of a drawing; it is kept, since pressing one takes as long as drawing."""
    return Asset.of("drawing.svg", drawing(plan).encode())


@dataclass(frozen=True)
class HomePage(PublicPage):
    """The entrance: a code to type, the exhibitions, the building."""

    template: ClassVar[str] = "visitors/home.html"
    cache_control: ClassVar[str] = PUBLIC

    center: Passage
    address: Passage | None
    exhibitions: tuple[Row, ...]
    account: Account
    facts: tuple[ShownFact, ...]

    @property
    def is_illustrated(self) -> bool:
        """Say whether any row has a drawing, which must then be called one."""
        return any(row.picture for row in self.exhibitions)

    @classmethod
    def of(
        cls,
        frame: Frame,
        path: str,
        chain: Sequence[str],
        center: ShownCenter,
        exhibitions: Sequence[ListedExhibition],
    ) -> Self:
        """Show the Center and its exhibitions."""
        return cls(
            frame=frame,
            path=path,
            center=first_in(center.names, chain) or Passage("guide", "zxx"),
            address=first_in(center.address, chain),
            exhibitions=tuple(
                Row(
                    slug=one.signpost.slug,
                    name=one.signpost.name_in(chain),
                    accent=one.accent,
                    count=one.count,
                    picture=Picture.of(one.drawn, chain) if one.drawn else None,
                )
                for one in exhibitions
            ),
            account=Account.of(read_along(center.texts, chain), frame.lang),
            facts=shown_facts(center.facts, chain),
        )


@dataclass(frozen=True)
class ExhibitionPage(PublicPage):
    """One exhibition: what it is, and every exhibit in its order."""

    template: ClassVar[str] = "visitors/exhibition.html"
    cache_control: ClassVar[str] = PUBLIC

    name: Passage
    accent: str
    is_closed: bool
    picture: Picture | None
    account: Account
    exhibits: tuple[Row, ...]
    facts: tuple[ShownFact, ...]

    @classmethod
    def of(
        cls, frame: Frame, path: str, chain: Sequence[str], exhibition: ShownExhibition
    ) -> Self:
        """Show an exhibition with what visitors may see of it; its first drawing opens it."""
        pictures = {one.signpost.slug: Picture.of(one, chain) for one in exhibition.drawn}
        return cls(
            frame=frame,
            path=path,
            name=exhibition.signpost.name_in(chain),
            accent=exhibition.accent,
            is_closed=exhibition.closed_at is not None,
            picture=next(iter(pictures.values()), None),
            account=Account.of(read_along(exhibition.texts, chain), frame.lang),
            exhibits=tuple(
                Row.of(one, chain, picture=pictures.get(one.slug))
                for one in exhibition.room.signposts
            ),
            facts=shown_facts(exhibition.facts, chain),
        )


@dataclass(frozen=True)
class ExhibitPage(PublicPage):
    """One exhibit, in the order of `visitor.md`: name, hook, text, facts, neighbours."""

    template: ClassVar[str] = "visitors/exhibit.html"
    cache_control: ClassVar[str] = PUBLIC

    slug: str
    name: Passage
    exhibition: Row
    number: int
    presence: str
    presence_note: Passage | None
    is_off_display: bool
    photos: tuple[Photo, ...]
    picture: Picture | None
    sound: Sound | None
    hall: Row | None
    account: Account
    facts: tuple[ShownFact, ...]
    related: tuple[Row, ...]
    previous: Row | None
    next: Row | None

    @classmethod
    def of(cls, frame: Frame, path: str, chain: Sequence[str], exhibit: ShownExhibit) -> Self:
        """Show a published exhibit, its neighbours in the room, and up to three related."""
        room, whole, slug = exhibit.room, exhibit.exhibition, exhibit.signpost.slug
        before, after = room.beside(slug, -1), room.beside(slug, +1)
        photos = tuple(Photo.of(one, chain) for one in exhibit.media.pictures)
        has_photo = not all(one.is_illustration for one in photos)
        drawn = None if has_photo else exhibit.drawn
        return cls(
            frame=frame,
            path=path,
            slug=slug,
            name=exhibit.signpost.name_in(chain),
            exhibition=Row(
                whole.slug, whole.name_in(chain), exhibit.accent, len(room.signposts)
            ),
            number=room.places[slug] + 1,
            presence=exhibit.signpost.presence,
            presence_note=first_in(exhibit.presence_note, chain),
            is_off_display=exhibit.is_off_display,
            photos=photos,
            picture=Picture.of(drawn, chain) if drawn else None,
            sound=Sound.of(exhibit.media.recordings, chain, frame.lang),
            hall=Row.of(exhibit.hall, chain) if exhibit.hall else None,
            account=Account.of(read_along(exhibit.texts, chain), frame.lang),
            facts=shown_facts(exhibit.facts, chain),
            related=tuple(
                Row.of(room.signposts[room.places[one.exhibit]], chain, one.reason)
                for one in exhibit.related
                if one.exhibit in room.places
            )[:RELATED_SHOWN],
            previous=Row.of(before, chain) if before else None,
            next=Row.of(after, chain) if after else None,
        )


@dataclass(frozen=True)
class DraftOfExhibit(ExhibitPage):
    """An exhibit as it would be read if a draft were published."""

    cache_control: ClassVar[str] = PRIVATE
    is_draft: ClassVar[bool] = True


@dataclass(frozen=True)
class DraftOfExhibition(ExhibitionPage):
    """An exhibition as it would be read if a draft were published."""

    cache_control: ClassVar[str] = PRIVATE
    is_draft: ClassVar[bool] = True


@dataclass(frozen=True)
class DraftOfHome(HomePage):
    """The entrance as it would be read if a draft were published."""

    cache_control: ClassVar[str] = PRIVATE
    is_draft: ClassVar[bool] = True


@dataclass(frozen=True)
class ProblemPage(PublicPage):
    """Asks what is wrong with an exhibit; `problem` is "", "words" or "many"."""

    template: ClassVar[str] = "visitors/problem.html"

    slug: str
    name: Passage
    typed: str = ""
    problem: str = ""
    done: str = ""


@dataclass(frozen=True)
class PreviewGonePage(PublicPage):
    """A preview that is over, or never was."""

    template: ClassVar[str] = "visitors/preview_gone.html"


@dataclass(frozen=True)
class PicturePage(PublicPage):
    """The pictures of an exhibit, large, to be moved about and pinched; else its drawing."""

    template: ClassVar[str] = "visitors/picture.html"
    cache_control: ClassVar[str] = PUBLIC

    slug: str
    name: Passage
    picture: Picture | None
    photos: tuple[Photo, ...]

    @classmethod
    def of(
        cls, frame: Frame, path: str, chain: Sequence[str], exhibit: ShownExhibit
    ) -> Self | None:
        """Show what there is to be seen of an exhibit, None when there is nothing."""
        drawn, name = exhibit.drawn, exhibit.signpost.name_in(chain)
        photos = tuple(Photo.of(one, chain) for one in exhibit.media.pictures)
        if not (photos or drawn):
            return None
        picture = Picture.of(drawn, chain) if drawn and not photos else None
        return cls(frame, path, exhibit.signpost.slug, name, picture, photos)


@dataclass(frozen=True)
class Explained:
    """A word and its meaning; `original` is the Azerbaijani word, where it is another."""

    slug: str
    name: Passage
    original: str
    meaning: Passage
    source: str
    host: str
    is_unreviewed: bool

    @classmethod
    def of(cls, word: ShownWord, chain: Sequence[str]) -> Self | None:
        """Show a word in the first language that has its meaning; nothing without one."""
        name, meaning = first_in(word.names, chain), first_in(word.meanings, chain)
        if not (name and meaning):
            return None
        original = word.names.get(SOURCE_LANGUAGE, "")
        host = urlsplit(word.source).hostname or ""
        return cls(
            word.slug,
            name,
            "" if original == name.text else original,
            meaning,
            word.source,
            host.removeprefix("www."),
            meaning.language in word.unread,
        )


@dataclass(frozen=True)
class GlossaryPage(PublicPage):
    """The words of the texts, in the order of the language; each has an anchor of its own."""

    template: ClassVar[str] = "visitors/glossary.html"
    cache_control: ClassVar[str] = PUBLIC

    words: tuple[Explained, ...]

    @property
    def is_unreviewed(self) -> bool:
        """Say whether a meaning was written by machine, and no person has read it."""
        return any(one.is_unreviewed for one in self.words)

    @classmethod
    def of(
        cls, frame: Frame, path: str, chain: Sequence[str], words: Sequence[ShownWord]
    ) -> Self:
        """Show the words that have a meaning in any language of the chain."""
        shown = [one for word in words if (one := Explained.of(word, chain))]
        shown.sort(key=lambda one: (sort_key(one.name.text, frame.lang), one.slug))
        return cls(frame, path, tuple(shown))


@dataclass(frozen=True)
class CodePage(PublicPage):
    """A code to type; with what was typed when it did not lead anywhere."""

    template: ClassVar[str] = "visitors/code.html"
    cache_control: ClassVar[str] = PUBLIC

    typed: str = ""
    is_unknown: bool = False
    looks_mistyped: bool = False


@dataclass(frozen=True)
class WithdrawnPage(PublicPage):
    """What has been taken out of the guide; `exhibition` where it was, if that is there."""

    template: ClassVar[str] = "visitors/withdrawn.html"

    exhibition: Passage | None
    slug: str

    @classmethod
    def of(
        cls, frame: Frame, path: str, chain: Sequence[str], exhibition: Signpost | None
    ) -> Self:
        """Point from what is gone to the exhibition that it was part of, or to them all."""
        if exhibition is None:
            return cls(frame, path, None, "")
        return cls(frame, path, exhibition.name_in(chain), exhibition.slug)


@dataclass(frozen=True)
class LanguagesPage(PublicPage):
    """Choosing a language."""

    template: ClassVar[str] = "visitors/languages.html"
    cache_control: ClassVar[str] = PUBLIC
