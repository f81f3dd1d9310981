"""Printing a run: as one PDF, or in parts that are proved one by one and then joined."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import BytesIO

import pypdfium2

from guide.qr.apart import made_apart
from guide.qr.forme import Made
from guide.qr.proof import PDFIUM, joined_proof
from guide.qr.run import Run
from guide.qr.typesetting import forme_of

MOST_PAGES = 50
"""Of a part. The memory that a run takes is that of one part and of the finished pages."""

CHANCE = re.compile(rb"(?<=/CreationDate\(D:)\d{14}|(?<=<)[0-9A-F]{32}(?=>)")
"""What PDFium writes of its own: the clock's time, and a number for the file, twice."""


def print_run(
    run: Run, turned: Callable[[], object] = lambda: None, most_pages: int = MOST_PAGES
) -> Made:
    """Set and prove a run; `turned` is called after each page that was proved.

    Nothing is returned unless every page was proved: raises UnprovedSheetError, and
    LabelsRefusedError for what cannot be set.
    """
    parts = list(run.parts(most_pages))
    if len(parts) == 1:
        return forme_of(run).made(turned)
    return _joined([made_apart(forme_of(part), turned) for part in parts], run.printed)


def print_apart(run: Run, turned: Callable[[], object] = lambda: None) -> Made:
    """Print a run as `print_run` does, even a short one elsewhere: a server's memory stays."""
    if run.pages > MOST_PAGES:
        return print_run(run, turned)
    return made_apart(forme_of(run), turned)


def _joined(parts: Sequence[Made], printed: date) -> Made:
    """Join parts; equal runs give equal bytes, as a whole one does."""
    day = f"{printed:%Y%m%d}".encode()
    pdf = CHANCE.sub(lambda found: day.ljust(len(found[0]), b"0"), _one_file(parts))
    return Made(pdf, joined_proof(pdf, [part.proof for part in parts]))


def _one_file(parts: Iterable[Made]) -> bytes:
    """Put the pages into one file. It has no tags any more: PDFium leaves them behind."""
    with PDFIUM:
        whole = pypdfium2.PdfDocument.new()
        try:
            for part in parts:
                pages = pypdfium2.PdfDocument(part.pdf)
                whole.import_pages(pages)
                pages.close()
            written = BytesIO()
            whole.save(written)
        finally:
            whole.close()
    return written.getvalue()
