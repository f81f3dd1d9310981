"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import (
    arranging,
    binning,
    editing,
    house_rules,
    matrix,
    offering,
    picturing,
    recording,
    revisioning,
    rooming,
    searching,
    solving,
    voicing,
    wording,
)

router = APIRouter()
for one in (matrix, arranging, recording, rooming, editing, revisioning, searching, solving):
    router.include_router(one.router)
for one in (house_rules, offering, picturing, voicing, binning, wording):
    router.include_router(one.router)
