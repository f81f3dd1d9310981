"""Labels as they stand: which hang unchecked, and which should be printed again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from guide.accounts.model import Account
from guide.exhibits.words import Passage, normalised
from guide.languages.model import Language
from guide.qr.model import DESIGN, Carrier, Check, Code, Label, Print, Verdict
from guide.qr.queries import with_things


class Reason(StrEnum):
    """Why a label should be printed again."""

    NEVER_PRINTED = "never printed"
    DAMAGED = "damaged"
    MISSING = "missing"
    RENAMED = "renamed"
    OLD_DESIGN = "old design"


@dataclass(frozen=True)
class Standing:
    """A label with what was last done to it: `last_check` is of what was last printed."""

    code: Code
    last_print: Print | None
    last_check: Check | None

    @property
    def label(self) -> Label:
        """What carries the code, and where it should hang."""
        return self.code.label

    @property
    def verdict(self) -> Verdict | None:
        """What was last found of it at the wall, None if nobody has looked since printing."""
        return Verdict(self.last_check.verdict) if self.last_check else None

    @property
    def is_unverified(self) -> bool:
        """Say whether it should hang, and was not found right since it was printed."""
        is_out = bool(self.last_print or self.last_check) and self.code.is_in_use
        return is_out and self.verdict is not Verdict.RIGHT


@dataclass(frozen=True)
class Reprint:
    """A label that should be printed, and why."""

    standing: Standing
    reasons: tuple[Reason, ...]


def standings(db: Session, *codes: str) -> list[Standing]:
    """Read how labels stand, those of some codes or all, in the order of the rooms."""
    query = with_things(_STANDINGS)
    if codes:
        query = query.where(Label.code.in_(codes))
    return [_standing(*row) for row in db.execute(query)]


def record_prints(  # noqa: PLR0913 (each is a column)
    db: Session,
    titles: Mapping[str, Iterable[str]],
    *,
    stock: str,
    languages: Iterable[str],
    at: datetime,
    by: int | None = None,
) -> None:
    """Keep what was put on paper: the titles that each code's label carries, as printed.

    `by` is the id of an account, None for the command line. A draft is not recorded.
    """
    tongues = [*languages]
    db.add_all(
        Print(
            code=code,
            at=at,
            account_id=by,
            stock=stock,
            languages=tongues,
            design=DESIGN,
            titles=[*printed],
        )
        for code, printed in titles.items()
    )
    db.flush()


def record_check(  # noqa: PLR0913 (each is a column)
    db: Session,
    code: str,
    verdict: Verdict,
    *,
    at: datetime,
    by: int | None = None,
    note: str = "",
) -> None:
    """Keep what somebody found at the wall; `by` is the id of an account."""
    found = Check(code=code, at=at, account_id=by, verdict=verdict, note=normalised(note))
    db.add(found)
    db.flush()


def unverified(db: Session) -> list[Standing]:
    """List labels that hang, and were not found right since they were printed."""
    return [one for one in standings(db) if one.is_unverified]


def suggested_reprints(db: Session) -> list[Reprint]:
    """List printed labels in use that should be printed, or printed again, and why."""
    languages = {one.tag: one for one in db.scalars(select(Language))}
    found = [Reprint(one, tuple(_reasons(one, languages))) for one in standings(db)]
    return [one for one in found if one.reasons]


def history(db: Session, code: str) -> list[tuple[Print | Check, str | None]]:
    """List a label's prints and checks, the newest first, with the names of who did them."""
    found: list[tuple[Print | Check, str | None]] = [
        *((one, who) for one, who in db.execute(_PRINTS.where(Print.code == code))),
        *((one, who) for one, who in db.execute(_CHECKS.where(Check.code == code))),
    ]
    return sorted(found, key=lambda one: (one[0].at, one[0].id), reverse=True)


def titles_of(code: Code, languages: Sequence[Language]) -> tuple[Passage, ...]:
    """Read the names along the languages' chains; one that fell back is not said twice."""
    names = [code.name_in(language.chain) for language in languages]
    return tuple(dict.fromkeys(Passage(normalised(one.text), one.language) for one in names))


def _reasons(standing: Standing, languages: Mapping[str, Language]) -> Iterable[Reason]:
    if not standing.code.is_in_use or standing.label.carrier == Carrier.NFC:
        return
    printed = standing.last_print
    if printed is None:
        yield Reason.NEVER_PRINTED
        return
    if standing.verdict is Verdict.DAMAGED:
        yield Reason.DAMAGED
    if standing.verdict is Verdict.MISSING:
        yield Reason.MISSING
    tongues = [languages[tag] for tag in printed.languages if tag in languages]
    if [one.text for one in titles_of(standing.code, tongues)] != [*printed.titles]:
        yield Reason.RENAMED
    if printed.design < DESIGN:
        yield Reason.OLD_DESIGN


def _standing(code: Code, printed: Print | None, checked: Check | None) -> Standing:
    is_of_print = checked and not (printed and checked.at < printed.at)
    return Standing(code, printed, checked if is_of_print else None)


def _newest(log: type[Print] | type[Check]) -> Any:  # noqa: ANN401 (a column expression)
    newest = select(func.max(log.id)).where(log.code == Label.code).correlate(Label)
    return log.id == newest.scalar_subquery()


_STANDINGS = (
    select(Code, Print, Check)
    .join(Code.label)
    .outerjoin(Print, _newest(Print))
    .outerjoin(Check, _newest(Check))
    .options(contains_eager(Code.label))
)

_PRINTS = select(Print, Account.name).outerjoin(Account, Account.id == Print.account_id)
_CHECKS = select(Check, Account.name).outerjoin(Account, Account.id == Check.account_id)
