"""Typesetting: what is said to run.typ of a run."""

import json
from typing import Any

from guide import fonts
from guide.exhibits.words import Passage
from guide.qr.code import grouped
from guide.qr.forme import Forme
from guide.qr.run import Face, Run, direction
from guide.qr.stocks import GUTTER_MM, Layout


def typeset(run: Run) -> bytes:
    """Set a whole run as one PDF; raise TitleTooLongError for names that no size makes fit."""
    return forme_of(run).typeset()


def forme_of(run: Run) -> Forme:
    """Put together all that a PDF of a run is made from."""
    told = json.dumps(_told(run), ensure_ascii=False)
    return Forme(told, run.stock.name, run.printed, run.spots)


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
        "calibration": [spoken(one) for one in run.full_size] if run.has_calibration else [],
        "invitation": spoken(run.invitation),
        "endonyms": [spoken(one) for one in run.endonyms] if stock.has_endonyms else [],
        "host": run.host,
        "version": run.version,
        "sheets": [[_label(run, *one) for one in sheet] for sheet in run.sheets],
    }


def _label(run: Run, position: int, face: Face) -> dict[str, Any]:
    spot = run.spot(position, face)
    left, top, right, bottom = run.box(position)
    begin, end = left, right
    if run.stock.layout is not Layout.STACKED and run.is_mirrored:
        end = spot.left - spot.quiet - GUTTER_MM
    elif run.stock.layout is not Layout.STACKED:
        begin = spot.left + spot.side + spot.quiet + GUTTER_MM
    has_titles = run.stock.layout is not Layout.CODE_BESIDE
    return {
        "code": grouped(face.code),
        "titles": [spoken(title) for title in face.titles] if has_titles else [],
        "box": [left, top, right - left, bottom - top],
        "column": [begin, end - begin],
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


def spoken(passage: Passage) -> dict[str, str]:
    """Say words as printed.typ takes them: with the language and direction they are in."""
    return {
        "text": passage.text,
        "lang": passage.language.partition("-")[0],
        "dir": direction(passage.language),
    }
