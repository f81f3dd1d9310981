"""What is said of a picture or a recording, as forms bring it and as they show it."""

from collections.abc import Iterable, Mapping
from typing import Any

from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording, OfAnExhibit, PictureKind
from guide.exhibits.sheets import web_address_or_nothing
from guide.web.forms import readable

LONGEST = {"alt": 300, "caption": 500, "decorative": 300, "credit": 200, "licence": 200}
LONGEST_TRANSCRIPT = 12_000
LONGEST_SOURCE = 2_000
PERCENT = 100

Values = Mapping[str, str]
Errors = dict[str, str]


def values_of_picture(picture: ExhibitPicture) -> dict[str, str]:
    """Return the values of the form of a picture."""
    values = _rights_of(picture)
    values |= {f"alt-{tag}": said for tag, said in picture.alt.items()}
    values |= {f"caption-{tag}": said for tag, said in picture.caption.items()}
    return values | {
        "kind": picture.kind,
        "decorative": picture.decorative,
        "focus_x": _percent(picture.focus_x),
        "focus_y": _percent(picture.focus_y),
    }


def values_of_recording(recording: ExhibitRecording) -> dict[str, str]:
    """Return the values of the form of a recording."""
    return {**_rights_of(recording), "transcript": recording.transcript}


def picture_in(values: Values, tags: Iterable[str]) -> tuple[dict[str, Any], Errors]:
    """Read what is said of a picture; return it, and the fields that cannot be read."""
    errors: Errors = {}
    languages = list(tags)
    said = _rights_in(values, errors)
    said["decorative"] = _words(values, "decorative", LONGEST["decorative"], errors)
    for name in ("alt", "caption"):
        told = {
            tag: _words(values, f"{name}-{tag}", LONGEST[name], errors) for tag in languages
        }
        said[name] = {tag: words for tag, words in told.items() if words}
    said["kind"] = values.get("kind", "")
    if said["kind"] not in set(PictureKind):
        errors["kind"] = "unknown"
    for name in ("focus_x", "focus_y"):
        said[name] = _part(values.get(name, ""), name, errors)
    return said, errors


def recording_in(values: Values) -> tuple[dict[str, Any], Errors]:
    """Read what is said of a recording; return it, and the fields that cannot be read."""
    errors: Errors = {}
    said = _rights_in(values, errors)
    said["transcript"] = _words(values, "transcript", LONGEST_TRANSCRIPT, errors)
    return said, errors


def _rights_of(one: OfAnExhibit) -> dict[str, str]:
    return {"credit": one.credit, "licence": one.licence, "source": one.source}


def _rights_in(values: Values, errors: Errors) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: _words(values, name, LONGEST[name], errors) for name in ("credit", "licence")
    }
    said["source"] = _words(values, "source", LONGEST_SOURCE, errors)
    try:
        web_address_or_nothing(said["source"])
    except ValueError:
        errors["source"] = "address"
    return said


def _words(values: Values, name: str, most: int, errors: Errors) -> str:
    try:
        words = readable(values.get(name, ""))
    except ValueError:
        errors[name] = "unreadable"
        return ""
    if name != "transcript":
        words = " ".join(words.split())
    if len(words) > most:
        errors[name] = "long"
    return words


def _part(typed: str, name: str, errors: Errors) -> float:
    """Read a percentage as a part of one; a comma will do for the point."""
    try:
        percent = float(typed.strip().replace(",", ".") or "50")
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= PERCENT:
        errors[name] = "percent"
        return 0.5
    return round(percent / PERCENT, 4)


def _percent(part: float) -> str:
    return f"{part * PERCENT:.2f}".rstrip("0").rstrip(".")
