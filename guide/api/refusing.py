"""What a tour refuses, as problem documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from guide.api.tour_shapes import Clash
from guide.tours.access import OpenTour
from guide.tours.clashes import ClashError
from guide.tours.model import IllegalMoveError, NoSlotError, PlanIsFixedError
from guide.tours.walking.record import (
    ForgottenError,
    KeyReusedError,
    NotConfirmedError,
)
from guide.web.json_bodies import ProblemError


@contextmanager
def told_plainly(found: OpenTour) -> Iterator[None]:
    """Raise ProblemError with 409 for what a tour refuses; what was begun is undone."""
    state = str(found.tour.state)
    conflict = HTTPStatus.CONFLICT
    try:
        yield
    except IllegalMoveError as moved:
        raise ProblemError(conflict, "illegal-move", state=str(moved.state)) from None
    except PlanIsFixedError:
        raise ProblemError(conflict, "plan-is-fixed", state=state) from None
    except NoSlotError:
        raise ProblemError(conflict, "no-slot", state=state) from None
    except NotConfirmedError:
        raise ProblemError(conflict, "not-confirmed", state=state) from None
    except KeyReusedError as reused:
        raise ProblemError(conflict, "key-reused", key=reused.key) from None
    except ForgottenError as late:
        raise ProblemError(conflict, "forgotten", keys=late.keys) from None
    except ClashError as clash:
        told = [Clash.of(one).model_dump(mode="json") for one in clash.findings]
        raise ProblemError(conflict, "clash", clashes=told) from None
