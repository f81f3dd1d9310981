"""`codes.toml`, the registry of printed codes: it only ever grows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.folder import Fault, Folder, Kind
from guide.exhibits.model import Exhibit
from guide.exhibits.sheets import Key, Sheet, Slug
from guide.qr.code import ALPHABET, is_consistent, mint
from guide.qr.model import Code

Five = Annotated[str, StringConstraints(pattern=rf"^[{ALPHABET}]{{5}}$")]
CODES: Key = ("codes", "", "")


class CodeSheet(Sheet):
    """One line of the registry."""

    kind = "code"

    exhibit: Slug
    alias_of: Five | None = None
    retired: AwareDatetime | None = None


class CodesSheet(Sheet):
    """`codes.toml`: every code that was ever minted."""

    kind = "codes"

    codes: Annotated[dict[Five, CodeSheet], Field(default_factory=dict)]


class CodeIsTakenError(Exception):
    """A registry gives a printed code to another exhibit."""

    def __init__(self, code: str, exhibit: str) -> None:
        super().__init__(
            f"the code {code} was printed for another exhibit and cannot be given to "
            f"{exhibit}; mint a new one, or make this one the alias of a code of that exhibit"
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
        if ("exhibit", entry.exhibit, "") not in folder.sheets:
            expected = "the slug of an exhibit in this folder"
            yield folder.fault(CODES, place, f"the exhibit «{entry.exhibit}»", expected)
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
    codes = db.scalars(select(Code).options(selectinload(Code.exhibit)))
    return {
        ("code", code.code, ""): CodeSheet(
            exhibit=code.exhibit.slug, alias_of=code.alias_of, retired=code.retired_at
        )
        for code in codes
    }


def bring_in(db: Session, sheets: Mapping[Key, Sheet], at: datetime) -> None:
    """Write codes into the database. An exhibit that a code stands for cannot change."""
    entries = {key[1]: sheet for key, sheet in sheets.items() if isinstance(sheet, CodeSheet)}
    for code, entry in entries.items():
        known = db.get(Code, code)
        exhibit = db.scalars(select(Exhibit.id).where(Exhibit.slug == entry.exhibit)).one()
        if known is None:
            known = Code(code=code, exhibit_id=exhibit, minted_at=at)
            db.add(known)
        elif known.exhibit_id != exhibit:
            raise CodeIsTakenError(code, entry.exhibit)
        known.retired_at = entry.retired
    db.flush()
    for code, entry in entries.items():
        db.get_one(Code, code).alias_of = entry.alias_of
    db.flush()


def mint_missing(db: Session, at: datetime) -> list[Code]:
    """Mint a code for every exhibit that has none."""
    taken = set(db.scalars(select(Code.code)))
    without = db.scalars(
        select(Exhibit).where(~Exhibit.id.in_(select(Code.exhibit_id))).order_by(Exhibit.id)
    )
    minted = []
    for exhibit in without:
        code = mint(taken)
        taken.add(code)
        minted.append(Code(code=code, exhibit_id=exhibit.id, minted_at=at))
    db.add_all(minted)
    db.flush()
    return minted
