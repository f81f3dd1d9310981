"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import (
    editing,
    house_rules,
    matrix,
    offering,
    recording,
    revisioning,
    searching,
    solving,
)

router = APIRouter()
for one in (matrix, recording, editing, revisioning, searching, solving, house_rules, offering):
    router.include_router(one.router)
