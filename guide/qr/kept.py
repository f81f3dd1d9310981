"""Symbols that were drawn before: a code's never changes, and choosing its mask takes 4 ms."""

import json
from collections.abc import Mapping
from pathlib import Path

from guide.qr.symbols import Symbol


class KeptSymbols:
    """What was drawn for each final address: a hexadecimal number for each row, dark is 1."""

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        """Begin with what was kept; without, each symbol is drawn when it is asked for."""
        self._kept = dict(kept or {})

    @classmethod
    def read(cls, file: Path) -> "KeptSymbols":
        """Read what was kept in a file; one that is missing or broken holds nothing."""
        try:
            return cls(json.loads(file.read_bytes()))
        except (FileNotFoundError, ValueError):
            return cls()

    def of(self, payload: str) -> Symbol:
        """Return the symbol of a final address, as `Symbol.of` would make it."""
        if kept := self._kept.get(payload):
            rows = kept.split()
            bits = (f"{int(row, 16):0{len(rows)}b}" for row in rows)
            return Symbol(payload, tuple(tuple(bit == "1" for bit in row) for row in bits))
        drawn = Symbol.of(payload)
        written = ("".join("01"[is_dark] for is_dark in row) for row in drawn.modules)
        self._kept[payload] = " ".join(f"{int(row, 2):x}" for row in written)
        return drawn

    def written(self) -> bytes:
        """Write down all that is kept, for `read`."""
        return json.dumps(self._kept, indent=0, sort_keys=True).encode()
