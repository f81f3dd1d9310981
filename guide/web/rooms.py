"""Opening rooms: the routes of a router go into the guide, or into another router."""

from fastapi import APIRouter, FastAPI


def open_rooms(house: FastAPI | APIRouter, *rooms: APIRouter) -> None:
    """Add the routes of some routers as they are, in their order.

    `include_router` would make each of them anew, for prefixes and dependencies of the
    whole router, of which ours have none; of three hundred that took most of a start.
    """
    for room in rooms:
        house.routes.extend(room.routes)
