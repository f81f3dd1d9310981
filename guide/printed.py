"""Setting pages in typst: with the guide's own faces, tagged, the same always as bytes.

`printed.typ` beside it has what all our pages share; they import it as "/printed.typ".
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import typst

from guide import fonts

ROOT = Path(__file__).parent
NO_PICTURES: Mapping[str, bytes] = {}


def as_pdf(
    sheet: Path, told: str, day: date, pictures: Mapping[str, bytes] = NO_PICTURES
) -> bytes:
    """Set a sheet as PDF/UA; it reads what it is told, JSON, from sys.inputs.told.

    From sys.inputs.pictures it reads files by their names, each as a list of its bytes;
    they go into the PDF as they are.
    """
    shown = json.dumps({name: list(body) for name, body in pictures.items()})
    return typst.compile(
        sheet,
        root=ROOT,
        format="pdf",
        font_paths=[fonts.FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"told": told, "pictures": shown},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(day, time(), UTC),
    )


def as_svg(sheet: Path, told: str) -> bytes:
    """Draw the first page of a sheet, set alike."""
    pages = typst.compile(
        sheet,
        root=ROOT,
        format="svg",
        font_paths=[fonts.FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
    )
    return pages[0] if isinstance(pages, list) else pages


def named(characters: Iterable[str]) -> str:
    """Name characters that cannot be drawn, and so not shown either: U+2717 BALLOT X."""
    return ", ".join(
        f"U+{ord(one):04X} {unicodedata.name(one, 'without a name')}"
        for one in sorted(characters)
    )
