"""The files of exhibitions/ as plain sheets: what each may say, and how it is written.

A sheet is one file. It knows its kind and whose it is (its key), it is read from TOML and
written back as the same bytes. `folder.py` reads and writes whole folders of them.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import tomlkit
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_serializer,
)
from tomlkit.items import AoT, Array, InlineTable, Item, Table

from guide.exhibits.model import Accent, Presence, Reason, Status
from guide.exhibits.pictures import MIDDLE, PictureKind
from guide.illustrations.plans import Illustration

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]")


def _clean(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _no_control_characters(value: str) -> str:
    if CONTROL.search(value):
        raise ValueError(
            "control characters, lost letters and direction overrides are not allowed"
        )
    return value


def web_address_or_nothing(value: str) -> str:
    """Take a source; raises ValueError."""
    if value and not re.fullmatch(r"https?://[^\s<>\"]+", value):
        raise ValueError("a source is a web address, or empty while there is none")
    return value


Prose = Annotated[str, BeforeValidator(_clean), AfterValidator(_no_control_characters)]
Line = Annotated[
    Prose, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)
]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Source = Annotated[str, AfterValidator(web_address_or_nothing)]
InLanguages = Annotated[dict[str, Line], Field(min_length=1)]
Position = Annotated[int, Field(ge=1, le=9_999)]

Part = Annotated[float, Field(ge=0, le=1)]

Key = tuple[str, str, str]
"""Kind, slug and language of a sheet: ("exhibit text", "tar", "az"). The slug of a
picture or recording is that of its exhibit, a slash, and its own name."""


class Sheet(BaseModel):
    """One file of exhibitions/."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_enum_values=True)

    kind: ClassVar[str]

    def written(self) -> str:
        """Write the file; the same sheet always gives the same bytes."""
        return self.toml()

    def toml(self) -> str:
        """Write the sheet as TOML."""
        return _toml(self.model_dump(mode="python", exclude_none=True, by_alias=True))


class LanguageEntry(Sheet):
    kind = "language"

    tag: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
    endonym: Line
    direction: Literal["ltr", "rtl"]
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")]
    digits: Line
    fallback: tuple[str, ...] = Field(strict=False)
    also: tuple[str, ...] = Field(strict=False)


class LanguagesSheet(Sheet):
    """`languages.toml`: the languages of the guide in their order."""

    kind = "languages"

    languages: Annotated[tuple[LanguageEntry, ...], Field(min_length=1, strict=False)]


class FactEntry(Sheet):
    kind = "fact"

    label: InLanguages
    value: InLanguages
    source: Source
    confidence: Literal["high", "medium", "low"]


class RelatedEntry(Sheet):
    kind = "related"

    exhibit: Slug
    reason: Annotated[Reason, Field(strict=False)]


Facts = Annotated[tuple[FactEntry, ...], Field(strict=False)]


class CenterSheet(Sheet):
    """`center.toml`: the house, its address, what is known of it."""

    kind = "center"

    names: InLanguages
    address: InLanguages
    facts: Facts = ()


class ExhibitionSheet(Sheet):
    """`<exhibition>/exhibition.toml`."""

    kind = "exhibition"

    position: Position
    accent: Annotated[Accent, Field(strict=False)]
    hall: Slug | None = None
    names_note: Prose = ""
    closed: AwareDatetime | None = None
    removed: AwareDatetime | None = None
    names: InLanguages
    facts: Facts = ()


class ExhibitSheet(Sheet):
    """`<exhibition>/exhibits/<exhibit>/exhibit.toml`; its exhibition is the folder it is in."""

    kind = "exhibit"

    exhibition: Annotated[Slug, Field(exclude=True)]
    position: Position
    category: Line
    hall: Slug | None = None
    presence: Annotated[Presence, Field(strict=False)]
    names_note: Prose = ""
    minutes: Annotated[int, Field(ge=1, le=120)]
    off_display: AwareDatetime | None = None
    withdrawn: AwareDatetime | None = None
    removed: AwareDatetime | None = None
    names: InLanguages
    presence_note: dict[str, Line] = {}
    illustration: Illustration | None = None
    facts: Facts = ()
    related: Annotated[tuple[RelatedEntry, ...], Field(strict=False)] = ()

    @field_serializer("illustration")
    def _only_what_is_said(self, plan: Illustration | None) -> dict[str, object] | None:
        """Write a plan without what it leaves to the rule that draws it."""
        return plan.model_dump(exclude_defaults=True) if plan else None


class MediaSheet(Sheet):
    """What a picture and a recording have alike; `file` lies beside the sheet."""

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")]
    hash: Annotated[str, Field(exclude=True)] = ""
    credit: Prose = ""
    licence: Prose = ""
    source: Source = ""
    shown: AwareDatetime | None = None


class PictureSheet(MediaSheet):
    """`media/<name>.picture.toml`; `focus` is told in parts of width and height."""

    kind = "picture"

    position: Position
    what: Annotated[PictureKind, Field(strict=False)]
    focus: Annotated[tuple[Part, Part], Field(strict=False)] = (MIDDLE, MIDDLE)
    decorative: Prose = ""
    alt: dict[str, Line] = {}
    caption: dict[str, Line] = {}


class RecordingSheet(MediaSheet):
    """`media/<name>.recording.toml`."""

    kind = "recording"

    language: Line
    transcript: Prose = ""


class TextSheet(Sheet):
    """`text.<language>.md`: front matter between +++ lines, then the story in Markdown."""

    kind = "text"

    status: Annotated[Status, Field(strict=False)]
    hook: Line
    look_for: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    made_from: dict[
        Literal["hook", "look_for", "story"],
        Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")],
    ] = {}
    story: Annotated[Prose, Field(exclude=True)] = ""

    def written(self) -> str:
        """Write the file: front matter, then the story."""
        story = f"\n{self.story}\n" if self.story else ""
        return f"+++\n{self.toml()}+++\n{story}"


def _toml(values: Mapping[str, Any]) -> str:
    """Write TOML in one settled shape: plain values, then tables, then lists of tables."""
    document = tomlkit.document()
    tables = {name: value for name, value in values.items() if _is_table(value)}
    for name, value in values.items():
        if name not in tables and value not in ("", (), {}):
            document.add(name, _item(value))
    for name, value in tables.items():
        if value:
            document.add(name, _table(value))
    return tomlkit.dumps(document).lstrip("\n")


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, tuple | list) and any(isinstance(one, dict) for one in value)
    )


def _table(value: object) -> Table | AoT:
    if isinstance(value, dict):
        table: Table = tomlkit.table()
        for name, one in value.items():
            table.add(name, _item(one))
        return table
    rows = tomlkit.aot()
    for row in value if isinstance(value, tuple | list) else ():
        rows.append(_table(row))
    return rows


def _item(value: object) -> Item:
    if isinstance(value, dict):
        inline: InlineTable = tomlkit.inline_table()
        inline.update(value)
        return inline
    if isinstance(value, tuple | list):
        array: Array = tomlkit.array()
        array.extend(value)
        return array.multiline(multiline=any(len(str(one)) > LONG for one in value))
    return tomlkit.item(value)


LONG = 20
"""Characters from which a list of strings is written one to a line."""
