"""What each guide of the tests would make again, made once in a run.

The functions stay the real ones and get the same arguments; what they return for them is kept.
A museum starts one guide, so that nothing of this would help it.
"""

import gc
from functools import cache
from types import CodeType
from typing import Any

import pytest
from jinja2 import Environment

from guide.web.assets import Asset

SELDOM = (20_000, 20, 50)
"""When the collector looks: every guide makes and drops more objects than most programs."""


def remember(patch: pytest.MonkeyPatch) -> None:
    """Keep packed assets and compiled templates from one guide to the next."""
    patch.setattr(Asset, "of", cache(Asset.of))
    patch.setattr(Environment, "compile", _compiling_once())


def leave_what_is_there() -> None:
    """Take what was imported and collected out of the sight of the garbage collector."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def _compiling_once() -> Any:  # noqa: ANN401  (a method with overloads)
    """Compile a template once for each of its translations, which stand in it as constants."""
    compile_ = Environment.compile
    kept: dict[tuple[object, ...], CodeType] = {}

    def compiled(
        jinja: Environment, source: str, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        key = (jinja.globals.get("say"), source, name, filename)
        if key not in kept:
            kept[key] = compile_(jinja, source, name, filename)
        return kept[key]

    return compiled
