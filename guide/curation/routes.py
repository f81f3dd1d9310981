"""The addresses of the curator's office."""

from fastapi import APIRouter

from guide.curation import editing, matrix, revisioning

router = APIRouter()
router.include_router(matrix.router)
router.include_router(editing.router)
router.include_router(revisioning.router)
