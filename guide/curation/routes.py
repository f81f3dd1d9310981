"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import (
    editing,
    house_rules,
    importing,
    matrix,
    offering,
    recording,
    revisioning,
    rooming,
    searching,
    solving,
)

router = APIRouter()
for one in (matrix, recording, rooming, editing, revisioning, searching, solving):
    router.include_router(one.router)
for one in (house_rules, offering, importing):
    router.include_router(one.router)
