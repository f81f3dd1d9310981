"""Typesetting: a run as PDF for the printer."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from guide import fonts
from guide.exhibits.words import Passage
from guide.qr.code import grouped
from guide.qr.run import GUTTER_MM, Face, Run, direction
from guide.qr.stocks import LabelsRefusedError, Layout

SHEET = Path(__file__).with_name("run.typ")
NO_ROOM = "no room for the titles of "


class TitleTooLongError(LabelsRefusedError):
    """An exhibit's names do not fit on a label at a size that can be read."""


def typeset(run: Run) -> bytes:
    """Set a run as PDF/UA, the same run always as the same bytes.

    Raises TitleTooLongError for names that no size makes fit.
    """
    try:
        return typst.compile(
            SHEET,
            format="pdf",
            font_paths=[fonts.FOLDER],
            ignore_system_fonts=True,
            sys_inputs={"run": json.dumps(_told(run), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(run.printed, time(), UTC),
        )
    except typst.TypstError as failed:
        code = failed.message.partition(NO_ROOM)[2][: len("AB12-N")]
        if code:
            raise TitleTooLongError(
                f"{code}: the names are too long for a label of {run.stock.name}"
            ) from None
        raise


def _told(run: Run) -> dict[str, Any]:
    """Say everything that run.typ needs to know."""
    stock = run.stock
    return {
        "title": f"{len(run.faces)} labels, {stock.name}, {run.version}",
        "page": stock.page,
        "size": [stock.width, stock.height],
        "inset": stock.inset,
        "layout": stock.layout,
        "scale": stock.scale,
        "fonts": fonts.FAMILIES,
        "mirrored": run.is_mirrored,
        "draft": run.is_draft,
        "band": stock.has_band,
        "crop-marks": run.has_crop_marks,
        "calibration": [_spoken(one) for one in run.full_size] if run.has_calibration else [],
        "invitation": _spoken(run.invitation),
        "endonyms": [_spoken(one) for one in run.endonyms] if stock.has_endonyms else [],
        "host": run.host,
        "version": run.version,
        "sheets": [[_label(run, *one) for one in sheet] for sheet in run.sheets],
    }


def _label(run: Run, position: int, face: Face) -> dict[str, Any]:
    spot = run.spot(position, face)
    left, top, right, bottom = run.box(position)
    wide = spot.side + 2 * spot.quiet + GUTTER_MM
    stacked = run.stock.layout is Layout.STACKED
    column = [left, right - left]
    if not stacked:
        column = [left + (0 if run.is_mirrored else wide), right - left - wide]
    has_titles = run.stock.layout is not Layout.CODE_BESIDE
    return {
        "code": grouped(face.code),
        "titles": [_spoken(title) for title in face.titles] if has_titles else [],
        "box": [left, top, right - left, bottom - top],
        "column": column,
        "symbol": {
            "x": spot.left,
            "y": spot.top,
            "side": spot.side,
            "quiet": spot.quiet,
            "module": run.stock.module(face.symbol),
            "runs": face.symbol.runs,
            "alt": f"QR: {spot.payload}",
        },
    }


def _spoken(passage: Passage) -> dict[str, str]:
    return {
        "text": passage.text,
        "lang": passage.language.partition("-")[0],
        "dir": direction(passage.language),
    }
