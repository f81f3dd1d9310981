"""`codes.toml`, the registry of printed codes: it only ever grows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.folder import Fault, Folder, Kind
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.sheets import Key, Sheet, Slug
from guide.qr.code import ALPHABET, is_consistent, mint
from guide.qr.model import Carrier, Code, Label

Five = Annotated[str, StringConstraints(pattern=rf"^[{ALPHABET}]{{5}}$")]
CODES: Key = ("codes", "", "")


class CodeSheet(Sheet):
    """One line of the registry."""

    kind = "code"

    exhibit: Slug | None = None
    exhibition: Slug | None = None
    carrier: Literal["nfc"] | None = None
    alias_of: Five | None = None
    retired: AwareDatetime | None = None

    @property
    def thing(self) -> Key:
        """What it stands for, as the key of that sheet."""
        if self.exhibit:
            return ("exhibit", self.exhibit, "")
        return ("exhibition", self.exhibition or "", "")

    @model_validator(mode="after")
    def _stands_for_one_thing(self) -> Self:
        if (self.exhibit is None) == (self.exhibition is None):
            raise ValueError("name an exhibit or an exhibition, one of them")
        return self


class CodesSheet(Sheet):
    """`codes.toml`: every code that was ever minted."""

    kind = "codes"

    codes: Annotated[dict[Five, CodeSheet], Field(default_factory=dict)]


class CodeIsTakenError(Exception):
    """A registry gives a printed code to another exhibit or exhibition."""

    def __init__(self, code: str, slug: str) -> None:
        super().__init__(
            f"the code {code} was printed for something else and cannot be given to {slug}; "
            f"mint a new one, or make this one the alias of a code of {slug}"
        )


KIND = Kind("codes", "codes.toml", CodesSheet)


def faults_in(folder: Folder) -> Iterator[Fault]:
    """Yield codes that lead nowhere, to a wrong alias, or fail their own check."""
    sheet = folder.sheets.get(CODES)
    codes = sheet.codes if isinstance(sheet, CodesSheet) else {}
    for code, entry in codes.items():
        place = ("codes", code)
        if not is_consistent(code):
            yield folder.fault(CODES, place, f"«{code}»", "a code whose check character fits")
        kind, slug, _ = entry.thing
        if entry.thing not in folder.sheets:
            expected = f"the slug of an {kind} in this folder"
            yield folder.fault(CODES, place, f"the {kind} «{slug}»", expected)
        if entry.alias_of and entry.alias_of not in codes:
            found = f"the alias of «{entry.alias_of}»"
            yield folder.fault(CODES, place, found, "a code of this registry")


def expanded(sheets: Mapping[Key, Sheet]) -> dict[Key, Sheet]:
    """Replace the registry among sheets by one sheet for each code."""
    registry = sheets.get(CODES)
    codes = registry.codes if isinstance(registry, CodesSheet) else {}
    rest = {key: sheet for key, sheet in sheets.items() if key != CODES}
    return rest | {("code", code, ""): entry for code, entry in codes.items()}


def gathered(sheets: Mapping[Key, Sheet]) -> dict[Key, Sheet]:
    """Put the sheets of single codes together as the registry, in the order of the codes."""
    codes = {key[1]: sheet for key, sheet in sheets.items() if isinstance(sheet, CodeSheet)}
    rest = {key: sheet for key, sheet in sheets.items() if not isinstance(sheet, CodeSheet)}
    return rest | {CODES: CodesSheet(codes=dict(sorted(codes.items())))}


def sheets_of(db: Session) -> dict[Key, Sheet]:
    """Write the database's codes as sheets, one each."""
    codes = db.scalars(
        select(Code).options(
            selectinload(Code.exhibit), selectinload(Code.exhibition), selectinload(Code.label)
        )
    )
    return {
        ("code", code.code, ""): CodeSheet(
            exhibit=code.exhibit.slug if code.exhibit else None,
            exhibition=code.exhibition.slug if code.exhibition else None,
            carrier="nfc" if code.label.carrier == Carrier.NFC else None,
            alias_of=code.alias_of,
            retired=code.retired_at,
        )
        for code in codes
    }


def bring_in(db: Session, sheets: Mapping[Key, Sheet], at: datetime) -> None:
    """Write codes into the database. What a code stands for, and on what, cannot change."""
    entries = {key[1]: sheet for key, sheet in sheets.items() if isinstance(sheet, CodeSheet)}
    for code, entry in entries.items():
        known = db.get(Code, code)
        [thing] = things_called(db, entry.thing[0], entry.thing[1])
        carrier = Carrier(entry.carrier or Carrier.PRINT)
        if known is None:
            known = Code.minted(code, thing, at, carrier)
            db.add(known)
        elif not known.leads_to(thing) or db.get_one(Label, code).carrier != carrier:
            raise CodeIsTakenError(code, thing.slug)
        known.retired_at = entry.retired
    db.flush()
    for code, entry in entries.items():
        db.get_one(Code, code).alias_of = entry.alias_of
    db.flush()


def things_called(db: Session, kind: str, slug: str) -> Sequence[Exhibit | Exhibition]:
    """Find the exhibit, or the exhibition, with a slug: one or none."""
    if kind == "exhibit":
        return db.scalars(select(Exhibit).where(Exhibit.slug == slug)).all()
    return db.scalars(select(Exhibition).where(Exhibition.slug == slug)).all()


def mint_missing(db: Session, at: datetime) -> list[Code]:
    """Mint a code to print for every exhibit that has none."""
    printed = (
        select(Code.exhibit_id)
        .join(Code.label)
        .where(Code.exhibit_id.is_not(None), Label.carrier == Carrier.PRINT)
    )
    without = db.scalars(select(Exhibit).where(~Exhibit.id.in_(printed)).order_by(Exhibit.id))
    return mint_for(db, without.all(), at)


def mint_for(
    db: Session,
    things: Iterable[Exhibit | Exhibition],
    at: datetime,
    carrier: Carrier = Carrier.PRINT,
    place: str = "",
) -> list[Code]:
    """Mint one more code for each of these."""
    taken = set(db.scalars(select(Code.code)))
    minted = []
    for thing in things:
        code = mint(taken)
        taken.add(code)
        minted.append(Code.minted(code, thing, at, carrier, place))
    db.add_all(minted)
    db.flush()
    return minted
