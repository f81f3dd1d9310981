"""Writing workbooks; only ever in a process of its own."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

NARROW = 14


def as_xlsx(
    rows: Iterable[Sequence[str | int]], title: str, widths: Mapping[str, int]
) -> bytes:
    """Write a workbook in which words are words, whatever they begin with.

    The first row is the head; a column is as wide as the first of `widths` that is a part
    of its heading, in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    head, *others = rows
    for place, name in enumerate(head, 1):
        wide = next((width for word, width in widths.items() if word in str(name)), NARROW)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    top, bold, usual = Alignment(vertical="top", wrap_text=True), Font(bold=True), Font()
    for row in (head, *others):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # what begins with = would else be calculated
                cell.number_format = "@"
            cell.alignment = top
            cell.font = bold if row is head else usual
            cells.append(cell)
        sheet.append(cells)
    made = BytesIO()
    book.save(made)
    return made.getvalue()
