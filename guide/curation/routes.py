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

router = APIRouter()
for one in (matrix, arranging, recording, rooming, editing, revisioning, searching, solving):
    router.include_router(one.router)
for one in (picturing, voicing, binning, wording):
    router.include_router(one.router)
for one in (house_rules, offering, planning, halling, routing, importing):
    router.include_router(one.router)
