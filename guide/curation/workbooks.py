"""Writing workbooks; only ever in a process of its own."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

WIDTHS = {"story": 60, "hook": 40, "look_for": 40, "name": 28, "exhibit": 24}
NARROW = 14


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a workbook in which every cell is words, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("exhibits")
    sheet.freeze_panes = "B2"
    head, *others = rows
    for place, name in enumerate(head, 1):
        wide = next((width for word, width in WIDTHS.items() if word in name), NARROW)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    for row in (head, *others):
        cells = []
        for words in row:
            cell = WriteOnlyCell(sheet, value=words)
            cell.data_type = "s"  # what begins with = would else be calculated
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=row is head)
            cells.append(cell)
        sheet.append(cells)
    made = BytesIO()
    book.save(made)
    return made.getvalue()
