"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import (
    editing,
    halling,
    house_rules,
    matrix,
    offering,
    planning,
    recording,
    revisioning,
    rooming,
    routing,
    searching,
    solving,
)

router = APIRouter()
for one in (matrix, recording, rooming, editing, revisioning, searching, solving):
    router.include_router(one.router)
for one in (house_rules, offering, planning, halling, routing):
    router.include_router(one.router)
