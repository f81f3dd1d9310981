"""Who came may be put right when the plan is fixed: the report tells of who was there."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from guide.tours.access import OpenTour, TourInPath
from guide.tours.promises import changeable_tour
from guide.web.forms import Posted
from guide.web.session import Db


def peopled_tour(
    request: Request, db: Db, found: TourInPath, fields: Posted
) -> Iterator[OpenTour]:
    """Open a tour to say who comes, or who came.

    Until the guests are on their way it is a change of the plan, as `changeable_tour` says.
    After that planners put it right, and what others were promised has no part in it.
    """
    if found.may_put_right:
        yield found
    else:
        yield from changeable_tour(request, db, found, fields)


PeopledTour = Annotated[OpenTour, Depends(peopled_tour, scope="function")]
