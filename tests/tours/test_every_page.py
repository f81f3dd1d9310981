"""Every page of a tour opens, however the tour stands: 404 is an answer, 500 is none."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from guide.tours.model import BRIEF, Level, PublishedTour, State, TourBrief
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

LONG_AGO = datetime(2024, 4, 29, 8, 0, tzinfo=UTC)
PUBLISHED = {
    "source": "https://example.org/news",
    "confidence": "high",
    "language": "en",
    "displays": ["Carpets"],
    "head": "Yang Wanming",
    "key": "k",
}

TOURS: dict[str, dict[str, Any]] = {
    "empty": {
        **dict.fromkeys(("starts_at", "ends_at", "date", "people")),
        "state": State.REQUESTED,
        "parties": (),
        "languages": [],
    },
    "cancelled": {"state": State.CANCELLED},
    "forgotten": {"state": State.COMPLETED, "forgotten_at": LONG_AGO},
    "forgotten-unwalked": {"state": State.CONFIRMED, "forgotten_at": LONG_AGO},
    "under-way": {"state": State.UNDER_WAY},
    "past": {
        **dict.fromkeys(("starts_at", "ends_at", "people")),
        "state": State.COMPLETED,
        "date": "2017-04",
    },
}


def paths(app: FastAPI, tour: int) -> Iterator[str]:
    """List what can be read of one tour."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        named = path.replace("{tour_id}", "").replace("{paper}", "")
        if "GET" in (route.methods or ()) and "/tours/{tour_id}" in path and "{" not in named:
            yield path.replace("{tour_id}", str(tour)).replace("{paper}", "welcome")


@pytest.mark.parametrize("level", [Level.INTERNAL, Level.CLOSED])
@pytest.mark.parametrize("kind", TOURS)
def test_every_page_of_a_tour_opens(  # noqa: PLR0913, PLR0917 (everybody who may look)
    kind: str, level: Level, booked: Booked, leyla: Desk, orkhan: Desk, nigar: Desk
) -> None:
    fields = dict(TOURS[kind])
    if kind == "past":
        fields["published"] = PublishedTour(**PUBLISHED)
    if "forgotten" not in kind and kind != "empty":
        fields |= {
            "persons": [make.person()],
            "stops": [make.stop(names={"en": "Tea"})],
            "brief": TourBrief(**dict.fromkeys(BRIEF, "Words.")),
        }
    else:
        fields["stops"] = [make.stop(names={})]
    tour = booked(guide=nigar, planner=leyla, level=level, **fields)
    app = leyla.phone.app
    assert isinstance(app, FastAPI)

    for desk in (leyla, orkhan, nigar):
        for path in paths(app, tour):
            answer = desk.phone.get(path)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, path
