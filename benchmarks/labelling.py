"""One side of `bench_labels.py`: python benchmarks/labelling.py FOLDER SIDE LABELS.

Each side is a process of its own, so that its memory is its own too. It says as JSON what it
took, from the moment when the labels' words are read from the database: wall and CPU seconds,
and its peak memory with that of the process that it started, if any.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, product
from pathlib import Path
from time import perf_counter

import pypdfium2
import zxingcpp

from guide.db import Database
from guide.durable import write_whole
from guide.languages.model import Language, Offer
from guide.languages.queries import offer
from guide.qr.code import ALPHABET, check_character
from guide.qr.forme import Forme
from guide.qr.kept import KeptSymbols
from guide.qr.printing import print_run
from guide.qr.proof import DPI, symbols_in
from guide.qr.run import Face, Run, faces_of, languages_named
from guide.qr.stocks import STOCKS
from guide.qr.symbols import Symbol
from guide.qr.typesetting import forme_of
from guide.settings import Settings

BASE = "https://g.hac.az"
PRINTED = date(2026, 11, 24)


@dataclass(frozen=True)
class Labels:
    """So many labels with the names of the starter content, in az and en."""

    folder: Path
    titles: Sequence[Face]
    languages: Sequence[Language]
    offered: Offer
    count: int

    @classmethod
    def of(cls, folder: Path, count: int) -> "Labels":
        """Read the names from the guide in the folder."""
        database = Database.open(Settings(data_dir=folder).database)
        with database.reading() as db:
            offered = offer(db, "az")
            languages = languages_named(offered, "az,en")
            titles = faces_of(db, languages, Symbol.of, BASE, None)
        database.close()
        return cls(folder, titles, languages, offered, count)

    @property
    def kept_in(self) -> Path:
        """Where the symbols are kept."""
        return self.folder / "symbols.json"

    def run(self) -> Run:
        """Put the run together, as the command does."""
        kept = KeptSymbols.read(self.kept_in)
        faces = [
            Face(code, kept.of(f"{BASE}/q/{code}"), of.titles)
            for code, of in zip(codes(self.count), cycle(self.titles), strict=False)
        ]
        return Run.of(faces, self.languages, self.offered, PRINTED, STOCKS["L7173"])


def codes(count: int) -> Sequence[str]:
    """Make codes, always the same."""
    fours = ("".join(four) for four in product(ALPHABET, repeat=4))
    checked = (four + check for four in fours if (check := check_character(four)))
    return [code for code, _ in zip(checked, range(count), strict=False)]


def keep(labels: Labels) -> object:
    """Draw all symbols, and keep them for the other sides."""
    kept = KeptSymbols()
    for code in codes(labels.count):
        kept.of(f"{BASE}/q/{code}")
    labels.kept_in.write_bytes(kept.written())
    return labels.kept_in


def typst_alone(forme: Forme) -> bytes:
    """Give typst what it needs, and nothing else."""
    return forme.typeset()


def bare(forme: Forme) -> int:
    """Set, draw and read the sheets with the proof's settings, and look at nothing else."""
    return sum(
        len(
            zxingcpp.read_barcodes(
                bitmap.to_pil(),
                formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
                binarizer=zxingcpp.Binarizer.FixedThreshold,
                try_rotate=False,
                try_downscale=False,
                try_invert=False,
            )
        )
        for bitmap in drawn(forme)
    )


def lean(forme: Forme) -> int:
    """Do the same without making pictures of PDFium's pixels."""
    return sum(len(symbols_in(bitmap)) for bitmap in drawn(forme))


def drawn(forme: Forme) -> Iterator[pypdfium2.PdfBitmap]:
    """Set the sheets, and draw each page at 300 dpi."""
    document = pypdfium2.PdfDocument(forme.typeset())
    for page in document:
        yield page.render(scale=DPI / 72, grayscale=True)
        page.close()
    document.close()


def sheet(labels: Labels) -> bytes:
    """Set the sheets without the proof."""
    return forme_of(labels.run()).typeset()


def proved(labels: Labels) -> object:
    """Do what the command does."""
    made = print_run(labels.run())
    write_whole(labels.folder / "labels.pdf", made.pdf)
    return made


def main() -> None:
    """Do one side, and say what it took."""
    folder, side, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    labels = Labels.of(folder, count)
    forme = forme_of(labels.run()) if side in FROM_FORME else None
    began, before = perf_counter(), cpu_seconds()
    if forme:
        FROM_FORME[side](forme)
    else:
        FROM_LABELS[side](labels)
    told = {
        "wall_s": perf_counter() - began,
        "cpu_s": cpu_seconds() - before,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of those that it has started."""
    both = [resource.getrusage(who) for who in WHOSE]
    return sum(one.ru_utime + one.ru_stime for one in both)


def peak_mb() -> float:
    """Return the most memory of this process, and of the largest that it has started."""
    return sum(resource.getrusage(who).ru_maxrss for who in WHOSE) * 1024 / 1_000_000


FROM_FORME: Mapping[str, Callable[[Forme], object]] = {
    "typst": typst_alone,
    "bare": bare,
    "lean": lean,
}
FROM_LABELS: Mapping[str, Callable[[Labels], object]] = {
    "keep": keep,
    "sheet": sheet,
    "proved": proved,
}
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


if __name__ == "__main__":
    main()
