"""Writing the exhibits as a workbook; only ever in a process of its own."""

from collections.abc import Iterable, Sequence

from guide.web import workbooks

WIDTHS = {"story": 60, "hook": 40, "look_for": 40, "name": 28, "exhibit": 24}


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a workbook in which every cell is words, whatever it begins with."""
    return workbooks.as_xlsx(rows, "exhibits", WIDTHS)
