"""What a text says in its language as a curator has it, which may be unfinished."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from guide.exhibits.model import Status, WrittenText
from guide.exhibits.sheets import TextSheet
from guide.exhibits.words import fingerprint

FIELDS = ("hook", "look_for", "story")
"""What is translated field by field, each from a field of the source."""


@dataclass(frozen=True)
class Manuscript:
    """The name of a thing and its text, in one language."""

    name: str = ""
    hook: str = ""
    look_for: tuple[str, ...] = ()
    story: str = ""
    status: str = Status.DRAFT.value
    made_from: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, name: str, text: WrittenText | None) -> Self:
        """Take what stands in the database, published or not; a missing text says nothing."""
        if text is None:
            return cls(name)
        look_for, made_from = tuple(text.look_for), dict(text.made_from)
        return cls(name, text.hook, look_for, text.story, text.status, made_from)

    @classmethod
    def of_sheet(cls, name: str, sheet: TextSheet) -> Self:
        """Take what a file says."""
        made_from = {str(field): made for field, made in sheet.made_from.items()}
        status = Status(sheet.status).value
        return cls(name, sheet.hook, tuple(sheet.look_for), sheet.story, status, made_from)

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> Self:
        """Read what `said` wrote down."""
        return cls(**{**said, "look_for": tuple(said["look_for"])})

    def said(self) -> dict[str, Any]:
        """Write it down as JSON can hold it."""
        return asdict(self) | {"look_for": list(self.look_for)}

    def sheet(self) -> TextSheet:
        """Return the text as a sheet; raises ValidationError while it has no hook."""
        return TextSheet.model_validate(
            {
                "status": self.status,
                "hook": self.hook,
                "look_for": self.look_for,
                "made_from": dict(self.made_from),
                "story": self.story,
            }
        )

    def fingerprints(self) -> dict[str, str]:
        """Return the hash of each field that says something."""
        return {
            name: fingerprint(getattr(self, name)) for name in FIELDS if getattr(self, name)
        }

    def out_of_date(self, source: "Manuscript") -> tuple[str, ...]:
        """Name the fields that were made from something else than the source says now."""
        now = source.fingerprints()
        return tuple(
            name
            for name in FIELDS
            if name in self.made_from and now.get(name) != self.made_from[name]
        )

    def missing(self, source: "Manuscript") -> tuple[str, ...]:
        """Name the fields that the source has and this text has not."""
        named = ("name", *FIELDS)
        return tuple(one for one in named if getattr(source, one) and not getattr(self, one))

    def with_status(self, status: Status) -> Self:
        """Say how far the text has come."""
        return replace(self, status=status.value)


def written_anew(
    before: Manuscript, typed: Manuscript, source: Mapping[str, str], confirmed: frozenset[str]
) -> Manuscript:
    """Take what was typed, and note from which source each field was made.

    `source` holds the hashes of the source fields that stood beside the form when it was
    opened. A field takes its hash when it was changed, or when somebody confirmed that it
    still says the same; else it keeps the hash that it had.
    """
    made_from = dict[str, str]()
    for name in FIELDS:
        is_anew = name in confirmed or getattr(before, name) != getattr(typed, name)
        kept = source.get(name) if is_anew else before.made_from.get(name)
        if kept and getattr(typed, name):
            made_from[name] = kept
    return replace(typed, status=before.status, made_from=made_from)
