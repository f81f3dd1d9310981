"""Whatever staff do, a code leads to the exhibit that it was printed for (acceptance 11).

Hypothesis renames, moves, adds, hides, mints, merges, retires, imports, exports, backs up and
restores in any order, and after each step every code is looked up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr import deeds
from guide.qr.model import AliasRefusedError, Carrier, Code, Label
from guide.qr.queries import followed, printed
from guide.qr.registry import mint_missing
from guide.upkeep.backup import back_up, restore
from guide.upkeep.content import Side, export_folder, import_folder
from tests import make
from tests.conftest import EXHIBITIONS, OPENING_DAY, Copy, settings_for

CHANCE = st.integers(0, 10_000)
SIDES = st.sampled_from(Side)
NAMES = st.text("abcçəğıö שxалқ地毯 -—«»'\"#*[]$", min_size=1, max_size=60).filter(str.strip)

Backup = tuple[Path, dict[str, str], dict[str, str | None]]
"""A file, and which codes it holds and which of them follow others."""

numbers = count()

YEARS = timedelta(days=3_650)


class Years(RuleBasedStateMachine):
    """Some years of a guide, as staff may live them."""

    folders = Bundle("folders")
    backups = Bundle("backups")

    def __init__(self, copied: Copy, folder: Path) -> None:
        super().__init__()
        self.copied = copied
        self.folder = folder / str(next(numbers))
        self.now = OPENING_DAY - YEARS  # what is published at a later time is not yet
        self.open_on("starter")
        self.printed = self.things_of_codes()
        self.ever = dict(self.printed)
        self.tags = set[str]()
        self.aliases: dict[str, str | None] = dict.fromkeys(self.printed)
        self.exported = {EXHIBITIONS: dict(self.aliases)}
        assert len(self.printed) == 27

    def open_on(self, template: str) -> None:
        """Begin with a copy of a database in a data folder of its own."""
        self.settings = settings_for(self.copied(template), self.folder / str(next(numbers)))
        self.database = Database.open(self.settings.database)

    def things_of_codes(self) -> dict[str, str]:
        """Read which exhibit, or which exhibition, each code stands for."""
        slug = func.coalesce(Exhibit.slug, Exhibition.slug)
        query = select(Code.code, slug).outerjoin(Code.exhibit).outerjoin(Code.exhibition)
        with self.database.reading() as db:
            return {code: slug for code, slug in db.execute(query)}  # noqa: C416 (rows)

    def chain(self, code: str) -> list[str]:
        """Follow what was merged, as it should be."""
        following = self.aliases[code]
        return [code, *(self.chain(following) if following else [])]

    def code_numbered(self, number: int) -> str:
        return sorted(self.printed)[number % len(self.printed)]

    @contextmanager
    def one_exhibit(self, number: int) -> Iterator[Exhibit]:
        """Open one of the exhibits for writing."""
        with self.database.writing() as db:
            exhibits = db.scalars(select(Exhibit).order_by(Exhibit.slug)).all()
            yield exhibits[number % len(exhibits)]

    @rule(number=CHANCE, name=NAMES)
    def rename(self, number: int, name: str) -> None:
        with self.one_exhibit(number) as exhibit:
            exhibit.names = {**exhibit.names, "en": name.strip()}

    @rule(number=CHANCE, where=CHANCE)
    def move(self, number: int, where: int) -> None:
        with self.database.writing() as db:
            exhibits = db.scalars(select(Exhibit).order_by(Exhibit.slug)).all()
            rooms = db.scalars(select(Exhibition.id).order_by(Exhibition.slug)).all()
            exhibits[number % len(exhibits)].exhibition_id = rooms[where % len(rooms)]

    @rule(number=CHANCE)
    def take_off_display(self, number: int) -> None:
        with self.one_exhibit(number) as exhibit:
            exhibit.take_off_display(at=self.now)

    @rule()
    def add_an_exhibit(self) -> None:
        with self.database.writing() as db:
            room = db.scalars(select(Exhibition).order_by(Exhibition.slug)).first()
            assert room is not None
            db.add(make.exhibit(f"new-{next(numbers)}", of=room))
            db.flush()
            [minted] = mint_missing(db, self.now)
            assert minted.code not in self.ever
            added = db.get_one(Exhibit, minted.exhibit_id)
            self.printed[minted.code] = self.ever[minted.code] = added.slug
            self.aliases[minted.code] = None

    @rule(number=CHANCE, carrier=st.sampled_from(Carrier), poster=st.booleans())
    def mint_a_further_code(self, number: int, carrier: Carrier, *, poster: bool) -> None:
        with self.database.writing() as db:
            exhibitions = db.scalars(select(Exhibition).order_by(Exhibition.slug)).all()
            exhibits = db.scalars(select(Exhibit).order_by(Exhibit.slug)).all()
            things = exhibitions if poster else exhibits
            thing = things[number % len(things)]
            minted = deeds.mint_further(db, thing, at=self.now, carrier=carrier).code
            assert minted not in self.ever
            self.printed[minted] = self.ever[minted] = thing.slug
            self.aliases[minted] = None
            if carrier is Carrier.NFC:
                self.tags.add(minted)

    @rule(number=CHANCE, other=CHANCE)
    def merge(self, number: int, other: int) -> None:
        name, into = self.code_numbered(number), self.code_numbered(other)
        chain = self.chain(into)
        try:
            with self.database.writing() as db:
                one, another = printed(db, name), printed(db, into)
                assert one
                assert another
                deeds.merge(db, one, another, at=self.now)
        except AliasRefusedError:
            assert name in chain
            return
        assert name not in chain
        followers = {code for code, alias in self.aliases.items() if alias == name}
        self.aliases |= dict.fromkeys({name, *followers}, chain[-1])

    @rule(number=CHANCE)
    def retire(self, number: int) -> None:
        with self.database.writing() as db:
            found = printed(db, self.code_numbered(number))
            assert found
            deeds.retire(db, found, at=self.now)

    @rule(prefer=SIDES)
    def import_the_starter_content_again(self, prefer: Side) -> None:
        self.bring_in(EXHIBITIONS, prefer)

    @rule(target=folders)
    def export(self) -> Path:
        folder = self.folder / f"export-{next(numbers)}"
        self.export_to(folder)
        return folder

    @rule(folder=folders, prefer=SIDES)
    def import_an_earlier_export(self, folder: Path, prefer: Side) -> None:
        self.bring_in(folder, prefer)

    @rule(folder=folders)
    def carry_into_an_empty_database(self, folder: Path) -> None:
        """What was exported last is all that the new one knows, so it is exported now."""
        self.export_to(folder)
        self.database.close()
        self.open_on("empty")
        self.bring_in(folder, Side.FILES)

    @rule(target=backups)
    def back_up(self) -> Backup:
        tar = self.folder / f"{next(numbers)}.tar"
        back_up(self.settings, self.database, tar, self.later())
        return tar, dict(self.printed), dict(self.aliases)

    @rule(made=backups)
    def restore(self, made: Backup) -> None:
        tar, codes, aliases = made
        self.database.close()
        restore(self.settings, tar, self.later())
        self.database = Database.open(self.settings.database)
        self.printed, self.aliases = dict(codes), dict(aliases)

    @invariant()
    def every_code_leads_to_what_it_was_printed_for(self) -> None:
        assert self.things_of_codes() == self.printed
        with self.database.reading() as db:
            for code in self.printed:
                found = followed(db, code.upper())
                assert (found.exhibit or found.exhibition) == self.printed[self.chain(code)[-1]]

    @invariant()
    def every_exhibit_has_a_code_and_every_code_its_label(self) -> None:
        with self.database.reading() as db:
            assert {*db.scalars(select(Exhibit.slug))} <= {*self.printed.values()}
            labels = {label.code: label.carrier for label in db.scalars(select(Label))}
        tags = {code for code, carrier in labels.items() if carrier == Carrier.NFC}
        assert labels.keys() == self.printed.keys()
        assert tags == self.tags & self.printed.keys()

    def export_to(self, folder: Path) -> None:
        with self.database.reading() as db:
            export_folder(db, folder)
        self.exported[folder] = dict(self.aliases)

    def bring_in(self, folder: Path, prefer: Side) -> None:
        with self.database.writing() as db:
            import_folder(db, folder, self.later(), prefer)
        # What an earlier time knew, and this one did not, comes back with the code it had.
        back = self.things_of_codes().keys() - self.printed.keys()
        self.printed |= {code: self.ever[code] for code in back}
        self.aliases |= {
            code: alias
            for code, alias in self.exported[folder].items()
            if prefer is Side.FILES or code in back
        }

    def later(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now

    def teardown(self) -> None:
        self.database.close()


def live(copied: Copy, folder: Path, *, times: int, steps: int) -> None:
    class YearsHere(Years):
        def __init__(self) -> None:
            super().__init__(copied, folder)

    run_state_machine_as_test(
        YearsHere,
        settings=settings(
            max_examples=times,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("postgres_programs")
def test_no_code_is_lost_shared_or_led_astray(copied: Copy, tmp_path: Path) -> None:
    live(copied, tmp_path, times=3, steps=10)


@pytest.mark.long
@pytest.mark.usefixtures("postgres_programs")
def test_no_code_is_lost_shared_or_led_astray_in_many_years(
    copied: Copy, tmp_path: Path
) -> None:
    live(copied, tmp_path, times=15, steps=30)
