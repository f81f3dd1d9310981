"""What is missing: every exhibit in every language, at a glance and as a file."""

import csv
from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import StringIO

from fastapi import APIRouter, HTTPException, Request, Response

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator
from guide.curation.editing import AREA, READ
from guide.curation.matrix_pages import MatrixPage
from guide.curation.queries import tongues
from guide.curation.standing import Line, lines, rooms
from guide.web.cells import plain
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()

SHOWN: Mapping[str, Callable[[Line], bool]] = {
    "all": lambda _: True,
    "blocked": lambda line: line.has("blocked"),
    "behind": lambda line: line.has("behind"),
    "machine": lambda line: line.has("machine"),
    "empty": lambda line: line.has("empty"),
    "no-photo": lambda line: not line.has_photo,
}
"""What can be asked for, by the word in the address."""


@router.api_route("/staff/exhibits", methods=READ, name="curation.matrix")
def show_matrix(
    request: Request, db: Db, curator: Curator, exhibition: str = "", show: str = "all"
) -> Response:
    """Show how every text stands, of all exhibitions or one."""
    halls = rooms(db)
    if show not in SHOWN or (exhibition and exhibition not in {one.slug for one in halls}):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    languages = tongues(db)
    found = lines(db, [one.tag for one in languages], exhibition)
    frame = OfficeFrame.around(request, curator, AREA)
    counts = {word: sum(map(is_shown, found)) for word, is_shown in SHOWN.items()}
    shown = list(filter(SHOWN[show], found))
    page = MatrixPage.of(frame, halls, languages, shown, counts, (exhibition, show))
    return render(request, page)


@router.api_route("/staff/exhibits.csv", methods=READ, name="curation.matrix.csv")
def list_matrix(
    request: Request, db: Db, curator: Curator, exhibition: str = "", show: str = "all"
) -> Response:
    """List the same for a spreadsheet: a line for each text."""
    if show not in SHOWN:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    languages = tongues(db)
    frame = OfficeFrame.around(request, curator, AREA)
    found = filter(SHOWN[show], lines(db, [one.tag for one in languages], exhibition))
    sheet = StringIO()
    table = csv.writer(sheet)
    table.writerow(
        ("exhibition", "exhibit", "name", "language", "state", "missing", "behind", "beside")
    )
    for line in found:
        name = line.names.get(frame.lang) or line.names.get("az", "")
        for tag, cell in line.cells.items():
            lists = (" ".join(one) for one in (cell.missing, cell.behind, cell.beside))
            told = (line.exhibition, line.slug, name, tag, cell.word, *lists)
            table.writerow([plain(one) for one in told])
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="exhibits.csv"',
    }
    return Response("\ufeff" + sheet.getvalue(), media_type="text/csv", headers=headers)
