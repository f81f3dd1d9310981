"""Reading and writing a folder of sheets, with every fault told at once, by file and line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from guide.exhibits.floor_plan import PlanError
from guide.exhibits.glossary_sheets import VocabularySheet, WordSheet
from guide.exhibits.hall_sheets import HallsSheet, PlanSheet, RoutesSheet
from guide.exhibits.sheets import (
    CenterSheet,
    ExhibitionSheet,
    ExhibitSheet,
    Key,
    LanguagesSheet,
    MediaSheet,
    PictureSheet,
    RecordingSheet,
    Sheet,
    TextSheet,
)

FENCE = "+++"
LARGEST = 1_000_000
"""Bytes of a file; a text for a visitor is a thousand times shorter."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: where it stands in the folder, and the sheet that it holds."""

    name: str
    path: str
    sheet: type[Sheet]

    def match(self, path: str) -> dict[str, str] | None:
        """Return what a path says (exhibition, slug, language) if it is of this kind."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(self.path))
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


KINDS = (
    Kind("languages", "languages.toml", LanguagesSheet),
    Kind("center", "center.toml", CenterSheet),
    Kind("center text", "about.{language}.md", TextSheet),
    Kind("word", "glossary/{slug}.toml", WordSheet),
    Kind("vocabulary", "vocabularies/{slug}.toml", VocabularySheet),
    Kind("halls", "halls.toml", HallsSheet),
    Kind("plan", "plan.svg", PlanSheet),
    Kind("routes", "routes.toml", RoutesSheet),
    Kind("exhibition", "{slug}/exhibition.toml", ExhibitionSheet),
    Kind("exhibition text", "{slug}/text.{language}.md", TextSheet),
    Kind("exhibit", "{exhibition}/exhibits/{slug}/exhibit.toml", ExhibitSheet),
    Kind("exhibit text", "{exhibition}/exhibits/{slug}/text.{language}.md", TextSheet),
    Kind("picture", "{exhibition}/exhibits/{slug}/media/{name}.picture.toml", PictureSheet),
    Kind(
        "recording", "{exhibition}/exhibits/{slug}/media/{name}.recording.toml", RecordingSheet
    ),
)

FILE = re.compile(r"[^/]+/exhibits/[^/]+/media/[^/]+\.(jpe?g|png|webp|avif|mp3|m4a|ogg|opus)")
"""Pictures and recordings; the sheet beside one names it."""


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in one place of a folder."""

    file: str
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: found {self.found}, expected {self.expected}"


class BrokenFolderError(Exception):
    """The folder cannot be imported; `faults` lists every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Folder:
    """Sheets by key, and what is needed to point into the files that they came from."""

    sheets: Mapping[Key, Sheet]
    files: Mapping[Key, tuple[str, str]]
    media: Mapping[str, Path] = field(default_factory=dict[str, Path])

    def fault(self, key: Key, place: Sequence[str | int], found: str, expected: str) -> Fault:
        """Make a fault that points at a place of a sheet's file."""
        file, text = self.files[key]
        return Fault(file, line_of(text, place), found, expected)

    def of_kind(self, kind: str) -> Iterator[tuple[Key, Sheet]]:
        """Go through the sheets of one kind."""
        return ((key, sheet) for key, sheet in self.sheets.items() if key[0] == kind)


def read_folder(root: Path, kinds: Sequence[Kind]) -> tuple[Folder, list[Fault]]:
    """Read every file below a folder; return its sheets and all that is wrong with them."""
    sheets: dict[Key, Sheet] = {}
    files: dict[Key, tuple[str, str]] = {}
    media: dict[str, Path] = {}
    faults: list[Fault] = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if FILE.fullmatch(name):
            media[name] = path
            continue
        kind = next((kind for kind in kinds if kind.match(name) is not None), None)
        if kind is None:
            known = ", ".join(one.path for one in kinds)
            faults.append(Fault(name, 1, "a file of no known kind", f"one of {known}"))
            continue
        said = kind.match(name) or {}
        slug = "/".join(said[part] for part in ("slug", "name") if part in said)
        key = (kind.name, slug, said.get("language", ""))
        try:
            text = _text_of(path, name)
            sheet = _read_sheet(kind, name, text, said)
        except BrokenFolderError as broken:
            faults.extend(broken.faults)
            continue
        if key in sheets:
            faults.append(Fault(name, 1, f"a second «{key[1]}»", f"only {files[key][0]}"))
            continue
        sheets[key], files[key] = sheet, (name, text)
    faults += _media_faults(sheets, files, media)
    return Folder(sheets, files, media), faults


def _media_faults(
    sheets: Mapping[Key, Sheet], files: Mapping[Key, tuple[str, str]], media: Mapping[str, Path]
) -> Iterator[Fault]:
    """Yield sheets without their file, and files without a sheet."""
    named = set[str]()
    for key, sheet in sheets.items():
        if isinstance(sheet, MediaSheet):
            named.add(beside(files[key][0], sheet.file))
            if beside(files[key][0], sheet.file) not in media:
                yield Fault(files[key][0], 1, f"no file «{sheet.file}»", "it beside the sheet")
    for name in media.keys() - named:
        yield Fault(name, 1, "a file that no sheet names", "a .picture.toml or .recording.toml")


def beside(name: str, file: str) -> str:
    """Return the name of a file in the same folder."""
    return f"{name.rpartition('/')[0]}/{file}"


def write_folder(root: Path, sheets: Mapping[Key, Sheet], kinds: Sequence[Kind]) -> None:
    """Write sheets as files below a folder that is empty or does not exist."""
    paths = {kind.name: kind.path for kind in kinds}
    for key, sheet in sheets.items():
        path = root / path_of(key, sheets, paths[key[0]])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet.written(), encoding="utf-8", newline="\n")


def path_of(key: Key, sheets: Mapping[Key, Sheet], pattern: str) -> str:
    """Return where a sheet's file stands in its folder."""
    _, slug, language = key
    slug, _, name = slug.partition("/")
    exhibit = sheets.get(("exhibit", slug, ""))
    exhibition = exhibit.exhibition if isinstance(exhibit, ExhibitSheet) else ""
    return pattern.format(slug=slug, name=name, language=language, exhibition=exhibition)


def line_of(text: str, place: Sequence[str | int]) -> int:
    """Find the line that a place in a TOML text stands on: ("facts", 1, "source") → 12."""
    lines = text.splitlines()
    line = 0
    for name, index in _steps(place):
        header = re.compile(rf"\s*\[+\s*{re.escape(name)}\s*\]+\s*$")
        assignment = re.compile(rf"(.*[{{,])?\s*\"?{re.escape(name)}\"?\s*=")
        found = [n for n in range(line, len(lines)) if header.match(lines[n])][index:]
        found = found or [n for n in range(line, len(lines)) if assignment.match(lines[n])]
        line = found[0] if found else line
    return line + 1


def _steps(place: Sequence[str | int]) -> Iterator[tuple[str, int]]:
    for number, step in enumerate(place, 1):
        following = place[number] if number < len(place) else None
        if isinstance(step, str):
            yield step, following if isinstance(following, int) else 0


def _text_of(path: Path, name: str) -> str:
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise BrokenFolderError([Fault(name, 1, f"{len(raw)} bytes", f"at most {LARGEST}")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as bad:
        line = raw[: bad.start].count(b"\n") + 1
        fault = Fault(name, line, f"the byte 0x{raw[bad.start]:02x}", "text in UTF-8")
        raise BrokenFolderError([fault]) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _read_sheet(kind: Kind, name: str, text: str, said: Mapping[str, str]) -> Sheet:
    if kind.sheet is PlanSheet:
        return _read_plan(name, text)
    front, story = text, ""
    if kind.sheet is TextSheet:
        front, story = _parted(name, text)
    try:
        values: dict[str, Any] = tomllib.loads(front)
    except tomllib.TOMLDecodeError as bad:
        where = re.search(r"at line (\d+)", str(bad))
        line = int(where[1]) if where else max(1, front.count("\n"))
        raise BrokenFolderError([Fault(name, line, f"«{bad}»", "TOML")]) from None
    added: dict[str, Any] = {"exhibition": said["exhibition"]} if kind.name == "exhibit" else {}
    if kind.sheet is TextSheet:
        added["story"] = story
    if claimed := added.keys() & values.keys():
        expected = "that only from the folder or after the front matter"
        raise BrokenFolderError(
            Fault(name, line_of(text, [one]), f"the name «{one}»", expected) for one in claimed
        )
    try:
        return kind.sheet.model_validate(values | added)
    except ValidationError as bad:
        raise BrokenFolderError(
            Fault(
                name,
                line_of(text, one["loc"]),
                _shown(one["input"]),
                _expected(one["loc"], one["msg"]),
            )
            for one in bad.errors()
        ) from None


def _read_plan(name: str, text: str) -> PlanSheet:
    try:
        return PlanSheet(svg=text)
    except ValidationError as bad:
        (one,) = bad.errors()
        why = one.get("ctx", {}).get("error")
        if isinstance(why, PlanError):
            fault = Fault(name, why.line, why.found, why.expected)
        else:
            fault = Fault(name, 1, f"{len(text)} characters", one["msg"])
        raise BrokenFolderError([fault]) from None


def _parted(name: str, text: str) -> tuple[str, str]:
    """Part a text file into its front matter, kept on its own lines, and its story."""
    lines = text.split("\n")
    fences = [n for n, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:  # noqa: PLR2004 (an opening and a closing fence)
        fault = Fault(name, 1, _shown(lines[0]), f"front matter between two lines of {FENCE}")
        raise BrokenFolderError([fault])
    front = "\n".join(["", *lines[1 : fences[1]]]) + "\n"
    return front, "\n".join(lines[fences[1] + 1 :]).strip()


def _shown(value: object) -> str:
    shown = str(value)
    return f"«{shown[:60]}…»" if len(shown) > 60 else f"«{shown}»"  # noqa: PLR2004 (a line's worth)


def _expected(place: Sequence[str | int], told: str) -> str:
    words = told.removeprefix("Value error, ").removeprefix("Input ")
    return f"at {'.'.join(str(step) for step in place)}: {words}"
