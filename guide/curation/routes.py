"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import (
    arranging,
    binning,
    editing,
    halling,
    house_rules,
    importing,
    matrix,
    offering,
    picturing,
    planning,
    recording,
    revisioning,
    rooming,
    routing,
    searching,
    solving,
    voicing,
    wording,
)
from guide.web.rooms import open_rooms

router = APIRouter()
for some in (
    (matrix, arranging, recording, rooming, editing, revisioning, searching, solving),
    (picturing, voicing, binning, wording),
    (house_rules, offering, planning, halling, routing, importing),
):
    open_rooms(router, *(one.router for one in some))
