"""What a text needs before visitors may read it, and what somebody should look at first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guide.exhibits.counting import LONGEST_CHUNK, LONGEST_HOOK, chunks, words
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.media_checks import MediaLack
from guide.exhibits.model import SOURCE_LANGUAGE, Status
from guide.exhibits.publishing import Owner


@dataclass(frozen=True)
class Check:
    """One thing: a word for it (`curation/_checks.html`), and where in the form it is mended.

    What `blocks` is in the way of publishing; `count` is what the sentence counts. What is
    `of` a picture or recording is mended in its own page, by its number.
    """

    word: str
    field: str
    blocks: bool = False
    count: int = 0
    of: str = ""
    number: str = ""


def checks_of(
    owner: Owner,
    language: str,
    written: Manuscript,
    source: Manuscript,
    media: Iterable[MediaLack] = (),
) -> tuple[Check, ...]:
    """Look a text over, and what is shown beside it; what blocks comes first."""
    found = (
        *_lacking(written),
        *(
            Check(one.word, one.anchor, blocks=True, of=one.what, number=str(one.id))
            for one in media
        ),
        *_long(written, language),
        *_behind(written, source, language),
    )
    if without := sum(not fact.is_sourced for fact in owner.facts):
        found = (*found, Check("facts-without-source", "", count=without))
    return tuple(sorted(found, key=lambda one: not one.blocks))


def _lacking(written: Manuscript) -> Iterator[Check]:
    for field in ("name", "hook"):
        if not getattr(written, field):
            yield Check("missing", field, blocks=True)
    if not written.story:
        yield Check("missing", "story")


def _long(written: Manuscript, language: str) -> Iterator[Check]:
    if (count := words(written.hook, language)) > LONGEST_HOOK:
        yield Check("long-hook", "hook", count=round(count))
    longest = max((words(one, language) for one in chunks(written.story)), default=0)
    if longest > LONGEST_CHUNK:
        yield Check("long-chunk", "story", count=round(longest))


def _behind(written: Manuscript, source: Manuscript, language: str) -> Iterator[Check]:
    if written.status == Status.MACHINE:
        yield Check("not-reviewed", "")
    if language == SOURCE_LANGUAGE:
        return
    for field in written.out_of_date(source):
        yield Check("behind", field)
    if source.look_for and not written.look_for:
        yield Check("missing", "look_for")
