"""The route of a tour is built: ordered, filled, shortened, taken back."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.exhibits.halls import Hall, HallWay
from guide.exhibits.model import Exhibit, Exhibition, ExhibitText, Status
from guide.exhibits.visitor_routes import Route
from guide.tours.earlier import MOST_KEPT, earlier_routes
from guide.tours.model import Level, State
from guide.tours.route_forms import values_of_route
from guide.tours.stops import MOST_STOPS, Closure, Priority, TourStop
from guide.tours.timetable import legs, total
from tests import make
from tests.accounts.conftest import Desk
from tests.conftest import OPENING_DAY
from tests.tours.conftest import AT, Booked, stored

THREE = ("creation", "tar", "saz")
Led = Callable[..., int]


@pytest.fixture
def along(museum: Database, booked: Booked) -> Led:
    """Book a tour along some exhibits."""

    def book(*slugs: str, minutes: int = 5, **fields: object) -> int:
        with museum.reading() as db:
            ids = dict(db.execute(select(Exhibit.slug, Exhibit.id)).all())
        stops = [
            make.stop(n, exhibit_id=ids[slug], minutes=minutes)
            for n, slug in enumerate(slugs, 1)
        ]
        return booked(**{"stops": stops, **fields})

    return book


def address(tour: int, page: str = "") -> str:
    return f"/staff/tours/{tour}/route{page}"


def as_opened(museum: Database, desk: Desk, tour: int, **changed: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    found = stored(museum, tour)
    values = values_of_route(found.stops)
    return {**desk.form, "version": str(found.version), **values, **changed}


def slugs(museum: Database, tour: int) -> list[str]:
    """What is in the route; free words by their English name, an exhibition by its slug."""
    return [
        stop.exhibit.slug
        if stop.exhibit
        else stop.exhibition.slug
        if stop.exhibition
        else stop.names["en"]
        for stop in stored(museum, tour).stops
    ]


def stop_of(museum: Database, tour: int, slug: str) -> TourStop:
    found = [one for one in stored(museum, tour).stops if one.exhibit]
    return next(one for one in found if one.exhibit and one.exhibit.slug == slug)


def number_of(museum: Database, slug: str) -> int:
    with museum.reading() as db:
        return db.scalars(select(Exhibit.id).where(Exhibit.slug == slug)).one()


def trail(museum: Database) -> list[list[str]]:
    with museum.reading() as db:
        changed = AuditEntry.deed == "tour.route.changed"
        return list(
            db.scalars(select(AuditEntry.fields).where(changed).order_by(AuditEntry.id))
        )


# Order.


@pytest.mark.parametrize("way", ["buttons", "position", "numbers"])
def test_every_way_of_moving_a_stop_stores_the_same(
    leyla: Desk, museum: Database, along: Led, way: str
) -> None:
    tour = along(*THREE)
    saz, tar, creation = (stop_of(museum, tour, slug).id for slug in ("saz", "tar", "creation"))
    steps = {
        "buttons": [{"move": f"up-{saz}"}, {"move": f"up-{saz}"}],
        "position": [{"move": f"to-{saz}", f"position-{saz}": "1"}],
        "numbers": [
            {"sort": "1", f"number-{saz}": "1", f"number-{creation}": "2", f"number-{tar}": "7"}
        ],
    }

    for step in steps[way]:
        form = as_opened(museum, leyla, tour, **step)
        assert leyla.phone.post(address(tour), data=form).status_code == HTTPStatus.SEE_OTHER

    assert slugs(museum, tour) == ["saz", "creation", "tar"]
    assert [stop.position for stop in stored(museum, tour).stops] == [1, 2, 3]
    assert trail(museum) == [["order"]] * len(steps[way])


def test_one_form_saves_minutes_priorities_notes_and_order(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)
    tar = stop_of(museum, tour, "tar").id
    said = {f"minutes-{tar}": "12", f"priority-{tar}": "must", f"note-{tar}": "Let them play."}

    leyla.phone.post(
        address(tour), data=as_opened(museum, leyla, tour, **said, move=f"down-{tar}")
    )

    changed = stop_of(museum, tour, "tar")
    assert (changed.minutes, changed.priority, changed.note) == (12, "must", "Let them play.")
    assert slugs(museum, tour) == ["creation", "saz", "tar"]
    assert trail(museum) == [["minutes", "note", "order", "priority"]]
    assert stored(museum, tour).version == 2


def test_saving_what_is_there_changes_nothing(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)

    answer = leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour))

    assert answer.headers["location"] == address(tour)
    assert stored(museum, tour).version == 1
    assert trail(museum) == []


def test_a_stop_is_taken_out(leyla: Desk, museum: Database, along: Led) -> None:
    tour = along(*THREE)
    tar = stop_of(museum, tour, "tar").id

    leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, remove=str(tar)))

    assert slugs(museum, tour) == ["creation", "saz"]


# Adding.


def test_an_exhibit_is_added_with_its_minutes(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along("creation")
    saz = number_of(museum, "saz")

    answer = leyla.phone.post(
        address(tour) + "?q=saz&audio=1",
        data=as_opened(museum, leyla, tour, add=f"exhibit-{saz}"),
    )

    assert answer.headers["location"] == address(tour) + "?q=saz&audio=1&done=added"
    assert slugs(museum, tour) == ["creation", "saz"]
    with museum.reading() as db:
        assert stored(museum, tour).stops[1].minutes == db.get_one(Exhibit, saz).minutes


def test_an_exhibition_is_added_as_a_whole(leyla: Desk, museum: Database, along: Led) -> None:
    tour = along("creation")
    with museum.reading() as db:
        query = select(Exhibition.id).where(Exhibition.slug == "classic-cars")
        cars = db.scalars(query).one()

    leyla.phone.post(
        address(tour), data=as_opened(museum, leyla, tour, add=f"exhibition-{cars}")
    )

    assert slugs(museum, tour) == ["creation", "classic-cars"]


def test_something_that_the_guide_does_not_have_is_added_in_words(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along("creation", languages=["zh-Hans"])
    said = {"words-en": "A cup of tea", "words-zh-Hans": "喝茶", "words-minutes": "20"}

    leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, **said, add="words"))

    tea = stored(museum, tour).stops[1]
    assert dict(tea.names) == {"en": "A cup of tea", "zh-Hans": "喝茶"}
    assert tea.minutes == 20


def test_words_that_stand_in_the_form_are_never_lost(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)
    said = {"words-en": "A cup of tea", "move": f"up-{stop_of(museum, tour, 'tar').id}"}

    leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, **said))

    assert slugs(museum, tour) == ["tar", "creation", "saz", "A cup of tea"]


@pytest.mark.parametrize(
    ("search", "there", "missing"),
    [
        ("q=KAMANCA", "kamancha", "tar"),
        ("q=qaval", "gaval", "saz"),
        ("exhibition=classic-cars", "zis-110", "kamancha"),
        ("q=tar&exhibition=classic-cars", "", "tar"),
        ("hall=no-such-hall", "", "tar"),
        ("audio=1", "", "tar"),
        ("text=1", "kamancha", "tar"),
    ],
)
def test_what_can_be_added_is_found(  # noqa: PLR0913, PLR0917 (three of them are the case)
    leyla: Desk, museum: Database, along: Led, search: str, there: str, missing: str
) -> None:
    tour = along("creation", languages=["zh-Hans"])
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit.id).where(Exhibit.slug == "tar")).one()
        for text in db.scalars(select(ExhibitText).where(ExhibitText.exhibit_id == tar)):
            if text.language == "zh-Hans":
                text.published_at = None

    page = leyla.phone.get(address(tour) + f"?{search}").text

    assert f'value="exhibit-{number_of(museum, missing)}"' not in page
    if there:
        assert f'value="exhibit-{number_of(museum, there)}"' in page
    else:
        assert "Nothing else on show is called so." in page


def test_what_is_in_the_route_or_not_on_show_is_not_offered(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along("creation")
    with museum.writing() as db:
        things = {one.slug: one for one in db.scalars(select(Exhibit))}
        things["saz"].take_off_display(OPENING_DAY)
        things["tar"].withdraw(OPENING_DAY)
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        cars.close(OPENING_DAY)

    page = leyla.phone.get(address(tour)).text

    for slug in ("creation", "saz", "tar", "zis-110"):
        assert f'value="exhibit-{number_of(museum, slug)}"' not in page
    assert f'value="exhibit-{number_of(museum, "kamancha")}"' in page


# What the page says.


def test_the_page_says_when_each_stop_begins_and_how_far_it_is(leyla: Desk, along: Led) -> None:
    tour = along("creation", "tar", minutes=8, ends_at=AT + timedelta(minutes=15))

    page = leyla.phone.get(address(tour)).text

    assert ["11:00" in page, "11:10" in page, "11:18" in page] == [True] * 3
    assert "about 2 min to walk" in page
    assert "18 of 15 min, 3 over" in page


def test_a_way_that_somebody_measured_is_not_assumed(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along("creation", "tar")
    with museum.writing() as db:
        rooms = [
            one.exhibition
            for one in db.scalars(
                select(Exhibit)
                .where(Exhibit.slug.in_(["creation", "tar"]))
                .options(joinedload(Exhibit.exhibition))
            )
        ]
        halls = [Hall(slug=f"h{n}", position=n, floor=0, names={"en": "H"}) for n in (1, 2)]
        db.add_all(halls)
        db.flush()
        for room, hall in zip(rooms, halls, strict=True):
            room.hall_id = hall.id
        db.add(HallWay(hall_id=halls[0].id, other_id=halls[1].id, minutes=6))

    page = leyla.phone.get(address(tour)).text

    assert "6 min to walk" in page
    assert "about 2 min" not in page


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"status": Status.REVIEWED}, "ready"),
        ({"status": Status.MACHINE}, "machine, not reviewed"),
        ({"made_from": {"hook": "0" * 16}}, "out of date"),
        ({"published_at": None}, "missing"),
    ],
)
def test_a_badge_says_how_the_language_of_the_guests_stands(
    leyla: Desk, museum: Database, along: Led, change: dict[str, object], word: str
) -> None:
    tour = along("creation", languages=["zh-Hans"])
    creation = number_of(museum, "creation")
    with museum.writing() as db:
        [text] = db.scalars(
            select(ExhibitText).where(
                ExhibitText.exhibit_id == creation, ExhibitText.language == "zh-Hans"
            )
        )
        text.status = Status.REVIEWED
        for name, value in change.items():
            setattr(text, name, value)

    page = leyla.phone.get(address(tour)).text

    assert f'<bdi lang="zh-Hans">简体中文</bdi> {word}</span>' in page


# Whose route it is.


def test_a_guide_changes_a_draft_of_their_own(
    nigar: Desk, museum: Database, booked: Booked
) -> None:
    tour = booked(guide=nigar, stops=[make.stop(1, names={"en": "Tea"})])
    form = as_opened(museum, nigar, tour, **{"words-en": "Coffee", "add": "words"})

    assert nigar.phone.post(address(tour), data=form).status_code == HTTPStatus.SEE_OTHER
    assert slugs(museum, tour) == ["Tea", "Coffee"]


def test_a_guide_reads_what_is_confirmed_and_changes_nothing(
    nigar: Desk, museum: Database, booked: Booked
) -> None:
    tour = booked(
        guide=nigar,
        state=State.CONFIRMED,
        stops=[make.stop(1, names={"en": "Tea"}, note="With lemon.")],
    )

    page = nigar.phone.get(address(tour)).text
    answer = nigar.phone.post(address(tour), data=as_opened(museum, nigar, tour))

    assert "With lemon." in page
    assert 'id="route-form"' not in page
    assert answer.status_code == HTTPStatus.CONFLICT


def test_a_route_of_somebody_else_does_not_exist_for_a_guide(
    elvin: Desk, nigar: Desk, museum: Database, booked: Booked
) -> None:
    tour = booked(guide=nigar)

    assert elvin.phone.get(address(tour)).status_code == HTTPStatus.NOT_FOUND
    for page in ("", "/template", "/shortening", "/return"):
        answer = elvin.phone.post(address(tour, page), data=as_opened(museum, elvin, tour))
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_whoever_may_not_read_the_names_reads_no_free_words_and_no_notes(
    leyla: Desk, orkhan: Desk, museum: Database, booked: Booked
) -> None:
    stops = [make.stop(1, names={"en": "Meeting with Minister Li"}, note="He likes tea.")]
    tour = booked(planner=orkhan, level=Level.RESTRICTED, stops=stops)

    page = leyla.phone.get(address(tour)).text

    assert "Minister Li" not in page
    assert "He likes tea." not in page
    answer = leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour))
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Minister Li" in orkhan.phone.get(address(tour)).text


# What cannot be.


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"minutes-{tar}": "0"}, "Minutes, from 1 to 240."),
        ({"minutes-{tar}": "241"}, "Minutes, from 1 to 240."),
        ({"minutes-{tar}": "a while"}, "Minutes, from 1 to 240."),
        ({"priority-{tar}": "perhaps"}, "One of the three."),
        ({"note-{tar}": "\x00"}, "cannot be read"),
        ({"number-{tar}": "1"}, "This number is there twice."),
        ({"number-{tar}": "first"}, "A whole number from 1 to 999."),
        ({"number-{tar}": "0" * 5_000 + "9", "minutes-{saz}": "x"}, "Minutes, from 1 to 240."),
        ({"position-{tar}": "9", "move": "to-{tar}"}, "A place from 1 to 3."),
        ({"position-{tar}": "", "move": "to-{tar}"}, "A place from 1 to 3."),
        ({"minutes-999999": "5"}, "stops that are not in this route"),
        ({"remove": "999999"}, "stops that are not in this route"),
        ({"move": "up-999999"}, "stops that are not in this route"),
        ({"add": "exhibit-999999"}, "is not on show"),
        ({"add": "exhibition-999999"}, "is not on show"),
        ({"add": "spaceship"}, "is not on show"),
        ({"add": "words"}, "in one language at least"),
        ({"words-en": "Tea", "words-minutes": "500"}, "Minutes, from 1 to 240."),
        ({"words-en": "x" * 200}, "too long"),
        ({f"minutes-{number}": "5" for number in range(10_000, 10_200)}, "not in this route"),
    ],
)
def test_what_a_route_cannot_be_is_said_and_nothing_typed_is_lost(
    leyla: Desk, museum: Database, along: Led, wrong: dict[str, str], told: str
) -> None:
    tour = along(*THREE)
    ids = {slug: str(stop_of(museum, tour, slug).id) for slug in THREE}
    wrong = {name.format(**ids): value.format(**ids) for name, value in wrong.items()}
    typed = {f"note-{ids['saz']}": "Typed before.", **wrong}

    answer = leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, **typed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in answer.text
    assert "Typed before." in answer.text
    assert stored(museum, tour).version == 1
    assert slugs(museum, tour) == list(THREE)


def test_a_route_has_sixty_stops_at_most(leyla: Desk, museum: Database, along: Led) -> None:
    tour = along(*("saz",) * MOST_STOPS)
    form = as_opened(museum, leyla, tour, **{"words-en": "Tea"})

    answer = leyla.phone.post(address(tour), data=form)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "sixty stops at most" in answer.text
    assert len(stored(museum, tour).stops) == MOST_STOPS


# Two at once.


def test_the_second_of_two_sees_both_routes_and_nothing_is_overwritten(
    leyla: Desk, orkhan: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)
    tar, saz = (stop_of(museum, tour, slug).id for slug in ("tar", "saz"))
    opened = as_opened(museum, orkhan, tour, **{f"note-{saz}": "Of Orkhan."})
    kamancha = number_of(museum, "kamancha")
    leyla.phone.post(
        address(tour),
        data=as_opened(museum, leyla, tour, remove=str(tar), add=f"exhibit-{kamancha}"),
    )

    answer = orkhan.phone.post(address(tour), data=opened)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Of Orkhan." in answer.text
    assert "The route as it is now" in answer.text
    assert "1 stop of yours was taken out meanwhile." in answer.text
    assert slugs(museum, tour) == ["creation", "saz", "kamancha"]
    assert stop_of(museum, tour, "saz").note == ""


def test_no_number_is_too_long_for_a_form_that_came_too_late(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)
    tar = stop_of(museum, tour, "tar").id
    late = {"version": "0", f"number-{tar}": "0" * 5_000 + "1"}

    answer = leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, **late))

    assert answer.status_code == HTTPStatus.CONFLICT


def test_what_came_back_can_be_saved_as_it_stands(
    leyla: Desk, orkhan: Desk, museum: Database, along: Led
) -> None:
    tour = along("creation", "tar")
    opened = as_opened(museum, orkhan, tour)
    saz = number_of(museum, "saz")
    first = as_opened(museum, leyla, tour, add=f"exhibit-{saz}")
    leyla.phone.post(address(tour), data=first)
    leyla.phone.post(
        address(tour),
        data=as_opened(museum, leyla, tour, move=f"up-{stop_of(museum, tour, 'saz').id}"),
    )

    page = orkhan.phone.post(address(tour), data=opened).text
    answer = orkhan.phone.post(address(tour), data={**orkhan.form, **inputs(page)})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert slugs(museum, tour) == ["creation", "tar", "saz"]


def inputs(page: str) -> dict[str, str]:
    """Return the numbers and the version that stand in the form of a page."""
    tags = [tag for tag in page.split("<input ")[1:] if 'name="number-' in tag[:80]]
    found = {part(tag, "name"): part(tag, "value") for tag in tags}
    form = page.split('id="route-form"')[1]
    version = form.split('name="version" value="')[1].split('"', maxsplit=1)[0]
    return {**found, "version": version}


def part(tag: str, name: str) -> str:
    return tag.split(f'{name}="')[1].split('"', maxsplit=1)[0]


# Taking back.


def undo(desk: Desk, museum: Database, tour: int) -> int:
    with museum.reading() as db:
        latest = str(earlier_routes(db, tour)[0].id)
        version = str(stored(museum, tour).version)
    form = {**desk.form, "version": version, "earlier": latest}
    return desk.phone.post(address(tour, "/return"), data=form).status_code


def test_a_change_is_undone_and_so_is_that(leyla: Desk, museum: Database, along: Led) -> None:
    tour = along(*THREE)
    before = stored(museum, tour).stops
    tar = before[1].id
    leyla.phone.post(address(tour), data=as_opened(museum, leyla, tour, remove=str(tar)))

    assert undo(leyla, museum, tour) == HTTPStatus.SEE_OTHER
    assert slugs(museum, tour) == list(THREE)
    assert stored(museum, tour).stops[0].id == before[0].id
    undo(leyla, museum, tour)
    assert slugs(museum, tour) == ["creation", "saz"]
    assert trail(museum) == [["stops"]] * 3


def test_a_notice_offers_to_undo_and_the_history_to_put_back(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE)
    tar = stop_of(museum, tour, "tar").id
    form = as_opened(museum, leyla, tour, **{f"minutes-{tar}": "20"})

    page = leyla.phone.get(leyla.phone.post(address(tour), data=form).headers["location"]).text

    assert 'id="undo"' in page
    assert "Before a change by Aysel" in page
    assert "3 stops, 15 min" in page


def test_the_last_twenty_routes_are_kept(leyla: Desk, museum: Database, along: Led) -> None:
    tour = along("tar")
    tar = stop_of(museum, tour, "tar").id
    for minutes in range(10, 10 + MOST_KEPT + 3):
        form = as_opened(museum, leyla, tour, **{f"minutes-{tar}": str(minutes)})
        leyla.phone.post(address(tour), data=form)

    with museum.reading() as db:
        kept = earlier_routes(db, tour)

    assert [one.stops[0]["minutes"] for one in kept] == list(range(31, 11, -1))


def test_an_earlier_route_of_another_tour_is_not_put_back(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour, other = along(*THREE), along("kamancha")
    remove = str(stop_of(museum, other, "kamancha").id)
    leyla.phone.post(address(other), data=as_opened(museum, leyla, other, remove=remove))
    with museum.reading() as db:
        theirs = str(earlier_routes(db, other)[0].id)

    form = {**leyla.form, "version": "1", "earlier": theirs}
    answer = leyla.phone.post(address(tour, "/return"), data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert slugs(museum, tour) == list(THREE)


# Templates.


@pytest.mark.parametrize("minutes", [20, 40, 60, 90])
def test_a_route_through_the_house_is_made_of_what_is_on_show(
    leyla: Desk, museum: Database, along: Led, minutes: int
) -> None:
    tour = along()
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.take_off_display(OPENING_DAY)
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        db.add(
            Closure(
                exhibition_id=cars.id,
                starts_at=AT - timedelta(hours=1),
                ends_at=AT + timedelta(minutes=5),
                reason="Polishing",
            )
        )
    form = {**leyla.form, "version": "1", "template": f"minutes-{minutes}"}

    leyla.phone.post(address(tour, "/template"), data=form)

    stops = stored(museum, tour).stops
    assert {stop.room.slug for stop in stops if stop.room} == {
        "carpet-dance-of-loops",
        "mini-azerbaijan",
        "musical-instruments",
    }
    assert "tar" not in slugs(museum, tour)
    assert 0 < total(legs(stops, {})) <= minutes


def test_a_template_is_shown_before_it_replaces_anything(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along("saz")

    page = leyla.phone.get(address(tour, "/template?template=minutes-20")).text

    assert "Replace 1 stop" in page
    assert slugs(museum, tour) == ["saz"]


def test_the_stops_of_a_visitors_route_are_taken(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along()
    with museum.writing() as db:
        walk = db.scalars(select(Route.id)).first()
        gaval = db.scalars(select(Exhibit).where(Exhibit.slug == "gaval")).one()
        gaval.take_off_display(OPENING_DAY)
    form = {**leyla.form, "version": "1", "template": f"visitors-{walk}"}

    leyla.phone.post(address(tour, "/template"), data=form)

    taken = slugs(museum, tour)
    assert (taken[0], taken[-1], len(taken)) == ("creation", "kamancha", 6)


def test_the_stops_of_another_tour_are_taken_without_its_notes(
    leyla: Desk, museum: Database, along: Led
) -> None:
    other, tour = along("saz", "tar"), along()
    with museum.writing() as db:
        saz = db.get_one(TourStop, stop_of(museum, other, "saz").id)
        saz.note, saz.minutes, saz.priority = "For them alone.", 17, Priority.MUST
    form = {**leyla.form, "version": "1", "template": f"tour-{other}"}

    leyla.phone.post(address(tour, "/template"), data=form)

    first = stored(museum, tour).stops[0]
    assert slugs(museum, tour) == ["saz", "tar"]
    assert (first.minutes, first.priority, first.note) == (17, "must", "")
    assert slugs(museum, other) == ["saz", "tar"]


def test_a_tour_that_is_not_to_be_read_is_no_template(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along()
    closed = along("saz", level=Level.CLOSED)
    restricted = along("tar", level=Level.RESTRICTED)

    for other in (closed, restricted):
        form = {**leyla.form, "version": "1", "template": f"tour-{other}"}
        answer = leyla.phone.post(address(tour, "/template"), data=form)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert slugs(museum, tour) == []
    assert f"tour-{closed}" not in leyla.phone.get(address(tour)).text


@pytest.mark.parametrize("wanted", ["", "minutes-33", "visitors-99999", "tour-x", "moon"])
def test_a_template_that_there_is_not_is_refused(
    leyla: Desk, museum: Database, along: Led, wanted: str
) -> None:
    tour = along("saz")
    form = {**leyla.form, "version": "1", "template": wanted}

    answer = leyla.phone.post(address(tour, "/template"), data=form)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert leyla.phone.get(address(tour, f"/template?template={wanted}")).status_code == 200
    assert slugs(museum, tour) == ["saz"]


# Shortening.


def test_a_proposal_to_shorten_changes_nothing_until_it_is_confirmed(
    leyla: Desk, museum: Database, along: Led
) -> None:
    tour = along(*THREE, minutes=10)
    with museum.writing() as db:
        tar = db.get_one(TourStop, stop_of(museum, tour, "tar").id)
        tar.priority = Priority.COULD

    page = leyla.phone.get(address(tour, "/shortening?minutes=25")).text
    assert "Leave out 1 stop" in page
    assert slugs(museum, tour) == list(THREE)

    form = {**leyla.form, "version": "1", "minutes": "25"}
    leyla.phone.post(address(tour, "/shortening"), data=form)
    assert slugs(museum, tour) == ["creation", "saz"]
    assert undo(leyla, museum, tour) == HTTPStatus.SEE_OTHER
    assert slugs(museum, tour) == list(THREE)


def test_minutes_to_shorten_to_are_those_of_the_slot(leyla: Desk, along: Led) -> None:
    tour = along(*THREE, minutes=10, ends_at=AT + timedelta(minutes=20))

    assert 'name="minutes" inputmode="numeric" maxlength="3" autocomplete="off" value="20"' in (
        leyla.phone.get(address(tour)).text
    )
    assert "Leave out 2 stops" in leyla.phone.get(address(tour, "/shortening")).text


@pytest.mark.parametrize("minutes", ["0", "many", "99999", "-3"])
def test_minutes_that_are_none_shorten_nothing(
    leyla: Desk, museum: Database, along: Led, minutes: str
) -> None:
    tour = along(*THREE)
    form = {**leyla.form, "version": "1", "minutes": minutes}

    answer = leyla.phone.post(address(tour, "/shortening"), data=form)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Minutes, from 1 to 720." in answer.text
    assert slugs(museum, tour) == list(THREE)


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("/template", {"template": "minutes-20"}),
        ("/shortening", {"minutes": "5"}),
        ("/return", {"earlier": "1"}),
    ],
)
def test_a_proposal_for_a_route_that_has_changed_is_made_anew(
    leyla: Desk, museum: Database, along: Led, page: str, asked: dict[str, str]
) -> None:
    tour = along(*THREE, version=7)

    form = {**leyla.form, "version": "6", **asked}
    answer = leyla.phone.post(address(tour, page), data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "has changed since you looked at it" in answer.text
    assert slugs(museum, tour) == list(THREE)
