"""Cells of a table that somebody will open in a spreadsheet."""

BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(cell: str) -> str:
    """Keep a spreadsheet from taking words for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(BEGIN_A_FORMULA) else cell
