"""Making the report of a tour: what is known of it, and what people have written."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.exhibits.words import Passage, fingerprint, first_in
from guide.languages.model import Language
from guide.tours.keepsakes.model import Direction, Gift, GuestBookPage, Publish
from guide.tours.model import Level, PhotoPolicy, State, Tour
from guide.tours.naming import parties_in
from guide.tours.paper_words import Tongue
from guide.tours.papers import WRITTEN_IN
from guide.tours.people import Duty, PersonRole, Side, TourPerson, in_precedence
from guide.tours.printing import name_in
from guide.tours.queries import ways_on_foot
from guide.tours.readiness import Thing, published_texts
from guide.tours.reporting.measuring import PAUSE, WALKING, Measured, Moment
from guide.tours.reporting.press_note import Known, draft_of, introduced
from guide.tours.reporting.report import (
    Approval,
    BookPage,
    Consent,
    Counted,
    FollowUp,
    Hours,
    Noted,
    Outcome,
    Present,
    Report,
    Route,
    Row,
    Somebody,
)
from guide.tours.reporting.versions import Version, versions_of
from guide.tours.reporting.words import Words
from guide.tours.slots import day_of
from guide.tours.stops import TourStop
from guide.tours.timetable import legs, total
from guide.tours.walking.events import Kind, Tag
from guide.tours.walking.live import in_order
from guide.tours.walking.queries import events_of

REPORTED = frozenset({State.UNDER_WAY, State.COMPLETED})
"""States in which there is something to report."""

ABOUT = frozenset({Tag.QUESTION, Tag.INTEREST, None})
"""What notes are for the section of interests, questions and remarks."""

NOT_HOSTS = frozenset(
    {PersonRole.AIDE, PersonRole.INTERPRETER, PersonRole.SECURITY, PersonRole.GREETER}
)
"""Who stands at the hosts' side and receives nobody, as a press note would say it."""

PERMISSION = {
    Publish.NO: Consent.NO,
    Publish.ASKED: Consent.ASKED,
    Publish.YES: Consent.YES,
}


@dataclass(frozen=True)
class Material:
    """All that a report is made from, read once for every language that it is made in."""

    tour: Tour
    zone: ZoneInfo
    measured: Measured
    planned: int | None
    walking_planned: int | None
    gifts: Sequence[Gift]
    book: Sequence[GuestBookPage]
    about: Mapping[Thing, Mapping[str, str]]
    versions: Sequence[Version]

    @classmethod
    def of(cls, db: Session, tour: Tour, zone: ZoneInfo) -> "Material":
        """Read everything of a tour that a report says."""
        events = events_of(db, tour.id)
        timetable = legs(
            [stop for stop in in_order(tour) if not stop.added_by], ways_on_foot(db)
        )
        is_planned = bool(timetable) and not tour.is_only_told
        gifts = select(Gift).where(Gift.tour_id == tour.id).order_by(Gift.made_at, Gift.id)
        book = select(GuestBookPage).where(GuestBookPage.tour_id == tour.id)
        book = book.order_by(GuestBookPage.made_at, GuestBookPage.id)
        rooms = {stop.room.id for stop in tour.stops if stop.room}
        texts = published_texts(db, (("exhibition", room) for room in rooms))
        return cls(
            tour,
            zone,
            Measured.of(events, tour.starts_at),
            total(timetable) if is_planned else None,
            sum(leg.walk.minutes for leg in timetable) if is_planned else None,
            db.scalars(gifts).all(),
            db.scalars(book).all(),
            {
                thing: {tag: text.hook for tag, text in by_tag.items() if text.hook}
                for thing, by_tag in texts.items()
            },
            versions_of(db, tour.id),
        )

    @property
    def last_seq(self) -> int:
        """The number of the last event, 0 before there is any."""
        return max((one.event.seq for one in self.measured.moments), default=0)

    @property
    def private_names(self) -> list[str]:
        """The names of guides and interpreters, which a press note must not say."""
        tour = self.tour
        guides = [one.account.name for one in tour.staff if one.duty == Duty.GUIDE]
        return [*guides, *(one.interpreter.name for one in tour.interpreters)]

    @property
    def day(self) -> date | None:
        """The day of the visit, when it is known as exactly as that."""
        if self.tour.starts_at:
            return day_of(self.tour.starts_at, self.zone)
        told = self.tour.date or ""
        is_day = len(told) == len("2024-04-29") and not self.tour.last_date
        return date.fromisoformat(told) if is_day else None

    def clock(self, at: datetime | None) -> time | None:
        """Return what the museum's clock shows, to the minute."""
        return at.astimezone(self.zone).time().replace(second=0, microsecond=0) if at else None

    def notes(self, tags: Iterable[Tag | None]) -> list[Moment]:
        """Return what was noted with one of some tags, in its order."""
        wanted = set(tags)
        return [
            one
            for one in self.measured.moments
            if one.event.kind == Kind.NOTED and one.event.note and one.event.tag in wanted
        ]


def facts_mark(material: Material, language: Language) -> str:
    """Return a mark of all that is known beside what people write: it changes with that."""
    return fingerprint(json.dumps(report_in(material, language, Words(), 0).kept()))


def drafted(material: Material) -> Words:
    """Write what the guide's notes say, by their tags: what people begin from."""
    about, incidents = material.notes(ABOUT), material.notes({Tag.INCIDENT})
    dated = (f"{material.clock(one.at):%H:%M} {_text(one)}" for one in incidents)
    return Words(
        interests="\n".join(_text(one) for one in about),
        incidents="\n".join(dated),
        follow_ups=tuple(
            FollowUp(" ".join(_text(one).split()), language=_tongue_of(material, one))
            for one in material.notes({Tag.FOLLOW_UP})
        ),
        tongues={
            name: _tongue_of(material, noted[0])
            for name, noted in (("interests", about), ("incidents", incidents))
            if noted
        },
    )


def written_last(material: Material) -> Words:
    """Return the words of the last version, or what the notes say while there is none."""
    return material.versions[-1].words if material.versions else drafted(material)


def noted_since(material: Material, seq: int) -> list[Moment]:
    """Return what was noted after an event: what a version does not say yet."""
    tags = {*Tag, None}
    return [one for one in material.notes(tags) if one.event.seq > seq]


def report_in(
    material: Material, language: Language, words: Words, number: int | None = None
) -> Report:
    """Make the report in a language; `number` is the version that these words are of.

    What was signed is not made again: it is kept (`kept_in`).
    """
    tour, tongue = material.tour, Tongue(language.tag)
    number = len(material.versions) if number is None else number
    measured, day = material.measured, material.day
    counts = [Counted(people, _known(material.clock(at))) for at, people in measured.counts]
    parties = parties_in(tour, language.chain)
    began = measured.began or tour.departed_at
    ended = measured.ended or tour.completed_at
    slot = tour.ends_at - tour.starts_at if tour.starts_at and tour.ends_at else None
    guests = in_precedence(tour.persons, Side.GUEST)
    return Report(
        language=language.tag,
        reference=tour.reference,
        level=tour.level,
        number=number,
        parties=parties,
        day=day,
        day_told=" – ".join(one for one in (tour.date, tour.last_date) if one),
        planned=Hours(
            material.clock(tour.starts_at),
            material.clock(tour.ends_at),
            int(slot.total_seconds() / 60) if slot else None,
        ),
        actual=Hours(
            material.clock(began), material.clock(ended), _lasted(measured, began, ended)
        ),
        languages=tuple(tour.languages),
        guests=tuple(_person(one, language, tongue) for one in guests),
        receiving=tuple(_receiving(tour, language, tongue)),
        route=_route(material, language),
        expected=tour.people,
        counted_first=counts[0] if counts else None,
        counted_last=counts[-1] if len(counts) > 1 else None,
        interests=words.passage("interests"),
        quotes=words.passage("quotes") if words.quoting == Consent.YES else None,
        quoting=words.quoting if words.quotes else Consent.UNASKED,
        presents=tuple(_presents(material, language)),
        book=tuple(_book(material)),
        photographing=_photographing(tour, tongue),
        press_was_announced=tour.with_press,
        not_photographed=tuple(
            name_in(one, language.tag) for one in guests if one.do_not_photograph
        ),
        press=words.passage("press"),
        released=words.passage("released"),
        incidents=words.passage("incidents"),
        follow_ups=words.follow_ups,
        approvals=tuple(_approvals(material, number)),
        press_note=press_note_in(material, language, words),
        none=words.none,
        is_forgotten=tour.forgotten_at is not None,
    )


def keep(db: Session, tour: Tour, zone: ZoneInfo, languages: Iterable[Language]) -> None:
    """Keep in the last version all that it says, in each language."""
    material = Material.of(db, tour, zone)
    last = material.versions[-1]
    last.row.content = {
        language.tag: report_in(material, language, last.words).kept() for language in languages
    }
    db.flush()


def shown_in(
    material: Material, language: Language, number: int | None = None
) -> Report | None:
    """Return a version as it is read, the last one unless another is named; None for none.

    A signed one says what it said when it was signed, and nothing that happened since.
    """
    version = next((one for one in material.versions if one.row.number == number), None)
    if number is None and material.versions:
        version = material.versions[-1]
    if version is None:
        is_draft = number in {None, 0} and not material.versions
        return report_in(material, language, drafted(material)) if is_draft else None
    kept = kept_in(version, language.tag)
    return kept or report_in(material, language, version.words, version.row.number)


def kept_in(version: Version, language: str) -> Report | None:
    """Return what a signed version says in a language, or in English where it did not."""
    content = version.row.content or {}
    kept = content.get(language) or content.get("en") or next(iter(content.values()), None)
    return Report.of(kept) if kept else None


def press_note_in(material: Material, language: Language, words: Words) -> str:
    """Return the press note that somebody wrote, or the draft; none of a closed visit."""
    if material.tour.level >= Level.CLOSED:
        return ""
    return words.notes.get(language.tag) or drafted_note(material, language)


def drafted_note(material: Material, language: Language) -> str:
    """Write a press note from what is known, which is nothing once names are forgotten."""
    tour, chain = material.tour, language.chain
    if tour.level >= Level.CLOSED or tour.forgotten_at:
        return ""
    heads = (
        one for one in in_precedence(tour.persons, Side.GUEST) if one.role == PersonRole.HEAD
    )
    hosts = (one for one in in_precedence(tour.persons, Side.HOST) if one.role not in NOT_HOSTS)
    parties = parties_in(tour, chain)
    head, host = next(heads, None), next(hosts, None)
    seen = [stop for stop in in_order(tour) if _outcome(material, stop) == Outcome.SEEN]
    rooms = list(dict.fromkeys(stop.room for stop in seen if stop.room))
    guides = {one.account_id for one in tour.staff if one.duty == Duty.GUIDE}
    known = Known(
        day=material.day,
        head=_introduced(head, language, parties[0].text if parties else "") if head else "",
        party=parties[0].text if parties else "",
        host=_introduced(host, language, "") if host else "",
        was_guided=any(
            one.event.kind == Kind.ARRIVED and one.event.account_id in guides
            for one in material.measured.moments
        ),
        exhibitions=tuple(name.text for room in rooms if (name := first_in(room.names, chain))),
        exhibits=tuple(stop.name_in(chain).text for stop in seen if stop.exhibit),
        about=tuple(
            about
            for room in rooms
            if (about := first_in(material.about.get(("exhibition", room.id), {}), chain))
        ),
        signed_the_book=bool(material.book)
        or bool(tour.published and tour.published.guest_book),
        was_given_a_keepsake=any(gift.direction == Direction.GIVEN for gift in material.gifts),
    )
    return draft_of(known, language.tag)


def _introduced(person: TourPerson, language: Language, party: str) -> str:
    position = first_in(person.positions, language.chain)
    parts = (
        name_in(person, language.tag).text,
        position.text if position else "",
        person.affiliation or party,
    )
    return introduced(parts, language.tag)


def _lasted(measured: Measured, began: datetime | None, ended: datetime | None) -> int | None:
    if measured.total is not None:
        return measured.total
    return round((ended - began).total_seconds() / 60) if began and ended else None


def _person(person: TourPerson, language: Language, tongue: Tongue) -> Somebody:
    name = name_in(person, language.tag)
    official = Passage(person.name_official, person.name_language)
    position = first_in(person.positions, language.chain)
    affiliation = Passage(person.affiliation, WRITTEN_IN) if person.affiliation else None
    is_host = person.side == Side.HOST and person.role in {PersonRole.HEAD, PersonRole.MEMBER}
    role = tongue.gettext("Host") if is_host else tongue.role(PersonRole(person.role))
    return Somebody(
        name,
        role["text"],
        tuple(one for one in (position, affiliation) if one),
        official if official.text != name.text else None,
    )


def _receiving(tour: Tour, language: Language, tongue: Tongue) -> Iterator[Somebody]:
    """List hosts, then who led the tour, then who interpreted."""
    for person in in_precedence(tour.persons, Side.HOST):
        yield _person(person, language, tongue)
    for one in tour.staff:
        if one.duty == Duty.GUIDE:
            guide = tongue.gettext("Guide")["text"]
            yield Somebody(Passage(one.account.name, WRITTEN_IN), guide)
    for work in tour.interpreters:
        ways = (work.from_language, work.to_language)
        said = " – ".join(tongue.language(tag) for tag in ways)
        mode = tongue.mode(work.mode)["text"]
        yield Somebody(
            Passage(work.interpreter.name, WRITTEN_IN),
            tongue.gettext("Interpreter")["text"],
            (Passage(f"{said}, {mode}", language.tag),),
        )


def _outcome(material: Material, stop: TourStop) -> Outcome:
    measured = material.measured
    is_told = material.tour.is_only_told and not measured.moments
    if stop.id in measured.seen or is_told:
        return Outcome.SEEN
    return Outcome.SKIPPED if stop.id in measured.skipped else Outcome.UNKNOWN


def _route(material: Material, language: Language) -> Route:
    measured, stops = material.measured, in_order(material.tour)
    is_planned = material.planned is not None
    rows = tuple(
        Row(
            name=stop.name_in(language.chain),
            outcome=_outcome(material, stop),
            planned=stop.minutes if is_planned and not stop.added_by else None,
            was=measured.spent[stop.id] if stop.id in measured.seen else None,
            is_added=stop.added_by is not None,
            noted=tuple(_noted(material, stop.id)),
        )
        for stop in stops
    )
    is_measured = measured.total is not None and bool(measured.seen)
    return Route(
        rows,
        walking_planned=material.walking_planned,
        walking=measured.spent[WALKING] if is_measured else None,
        paused=measured.spent[PAUSE] if is_measured else 0,
        planned=material.planned,
        was=measured.total,
        is_partial=is_measured and any(row.outcome == Outcome.UNKNOWN for row in rows),
        clock_was_wrong=any(one.clock_was_wrong for one in measured.moments),
        is_late=any(one.event.is_late for one in measured.moments),
    )


def _noted(material: Material, stop: int) -> Iterator[Noted]:
    for one in material.measured.moments:
        event = one.event
        if event.note and (event.stop_id or material.measured.here.get(event.seq)) == stop:
            yield Noted(
                Passage(_text(one), _language_of(material.tour, event.account_id)),
                is_late=event.is_late,
                clock_was_wrong=one.clock_was_wrong,
            )


def _language_of(tour: Tour, account_id: int | None) -> str:
    """Return the language that one of the staff works in, which they write notes in."""
    spoken = (one.account.language for one in tour.staff if one.account_id == account_id)
    return next(spoken, WRITTEN_IN)


def _tongue_of(material: Material, one: Moment) -> str:
    return _language_of(material.tour, one.event.account_id)


def _presents(material: Material, language: Language) -> Iterator[Present]:
    for gift in material.gifts:
        words = {"az": gift.description_az, "en": gift.description_en}
        what = first_in(words, (*language.chain, "en", "az")) or Passage("–", "zxx")
        yield Present(
            gift.direction == Direction.GIVEN,
            what,
            gift.giver,
            gift.recipient,
            gift.moment,
            gift.custody,
            gift.register_number,
            gift.value,
        )
    registered = {gift.key for gift in material.gifts}
    for one in material.measured.moments:
        event = one.event
        if event.kind == Kind.GIFT and event.key not in registered and event.note:
            language_of = _language_of(material.tour, event.account_id)
            yield Present(None, Passage(_text(one), language_of))


def _book(material: Material) -> Iterator[BookPage]:
    for page in material.book:
        yield BookPage(
            page.signatory,
            Passage(page.text, page.language or "und") if page.text else None,
            Passage(page.translation, WRITTEN_IN) if page.translation else None,
            PERMISSION[page.publish],
            tuple(one for one in (page.picture, page.signature) if one),
        )


def _photographing(tour: Tour, tongue: Tongue) -> str:
    policy = tongue.photo_policy(PhotoPolicy(tour.photo_policy))
    return policy["text"] if policy else ""


def _approvals(material: Material, number: int) -> Iterator[Approval]:
    for version in material.versions:
        row = version.row
        if row.signed_at and row.number <= number:
            yield Approval(
                row.number, version.signed_by, row.signed_at.astimezone(material.zone)
            )


def _text(one: Moment) -> str:
    return one.event.note.text if one.event.note else ""


def _known(at: time | None) -> time:
    return at or time()
