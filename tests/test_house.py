"""What no linter knows of the house (docs/style.md)."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import typer
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from jinja2 import Environment, FileSystemLoader, meta, nodes

from guide import cli
from guide.languages.catalogues import PUBLIC_WORDS
from guide.settings import Settings
from guide.web.pages import PARTS, Page

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CODE = sorted((ROOT / "guide").rglob("*.py"))

GLOBALS = {"page", "path_for", "asset", "_", "gettext", "ngettext", *PARTS[PUBLIC_WORDS]}
GLOBALS |= {"frame", "tagged", "attributes", "turned"}
OF_THE_LOOP = {"row"}
"""What a partial may name besides: the one thing of the loop that it is included in."""

OUR_OWN = {"templates", "static", "exhibitions", "serving_url"}
"""Settings for packagers, and the one that `guide serve` tells its own processes."""

LARGEST_STYLE = {"guide.css": 10_000, "office.css": 14_000}
"""Bytes of a style sheet, as brotli sends it. A visitor waits for theirs at the wall; staff
have that of the office, which every room adds to, from the day before.
"""

jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
)


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def is_partial(name: str) -> bool:
    return Path(name).name.startswith("_")


def pages(above: type[Page] = Page) -> Iterator[type[Page]]:
    for page in above.__subclasses__():
        yield page
        yield from pages(page)


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


# Templates.


@pytest.mark.parametrize("name", NAMES)
def test_a_template_names_nothing_but_its_page(name: str) -> None:
    named = meta.find_undeclared_variables(jinja.parse(source(name)))
    assert named <= GLOBALS | (OF_THE_LOOP if is_partial(name) else set())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(r"\sstyle\s*=", id="inline style"),
        pytest.param(r"\son[a-z]+\s*=", id="inline script"),
        pytest.param(r"<style", id="style in the page"),
        pytest.param(
            r"<script(?![^>]*(\ssrc=|application/(ld\+)?json))", id="script in the page"
        ),
        pytest.param(r"\|\s*safe\b", id="unescaped"),
        pytest.param(r"autoescape\s+false", id="escaping off"),
        pytest.param(r"javascript:", id="script address"),
        pytest.param(r"user-scalable|maximum-scale", id="no zoom"),
        pytest.param(r"(src|href|action)=\"(https?:)?//", id="foreign address"),
        pytest.param(r"\|\s*(upper|lower|title|capitalize)\b", id="case"),
    ],
)
def test_a_template_has_nothing_of(name: str, wrong: str) -> None:
    assert not re.search(wrong, source(name), re.IGNORECASE)


def test_every_page_has_its_template_and_every_template_its_page() -> None:
    ours = (page for page in pages() if page.__module__.startswith("guide."))
    shown = {page.template for page in ours if hasattr(page, "template")}
    bases = {"shared/base.html", "shared/office.html"}
    whole = {name for name in NAMES if not is_partial(name) and name not in bases}
    assert shown == whole


def test_every_partial_is_used() -> None:
    used = {
        found
        for name in NAMES
        for found in meta.find_referenced_templates(jinja.parse(source(name)))
    }
    used |= {name for parts in PARTS.values() for name in parts.values()}
    assert {name for name in NAMES if is_partial(name)} <= used
    assert used <= set(NAMES)


def test_every_address_in_a_template_leads_somewhere(visitor: TestClient) -> None:
    asked = [call for name in NAMES for call in calls_of("path_for", name)]
    assert asked
    for call in asked:
        (route,) = (one.as_const() for one in call.args)
        words = {one.key: "x" for one in call.kwargs}
        assert app_of(visitor).url_path_for(route, **words).startswith("/")


def test_every_file_that_a_template_asks_for_is_there(visitor: TestClient) -> None:
    asked = [call for name in NAMES for call in calls_of("asset", name)]
    assert asked
    for call in asked:
        (name,) = (one.as_const() for one in call.args)
        assert visitor.get(app_of(visitor).state.assets.path(name)).status_code == 200


def calls_of(function: str, name: str) -> Iterator[nodes.Call]:
    for call in jinja.parse(source(name)).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == function:
            yield call


# Routes and code.


def test_every_route_is_named_after_its_room(visitor: TestClient) -> None:
    routes = list(iter_route_contexts(app_of(visitor).routes))
    assert len(routes) > 10
    for route in routes:
        room = route.endpoint.__module__.split(".")[1]
        assert (route.name or "").startswith(f"{room}."), route.path


def test_no_two_routes_share_a_name(visitor: TestClient) -> None:
    names = [route.name for route in iter_route_contexts(app_of(visitor).routes)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        pytest.param(r"\binclude_router\(", set(), id="routes that are made twice"),
        pytest.param(r"\bcommit\(", {"db.py", "cli.py"}, id="commit outside the unit of work"),
        pytest.param(
            r"\bMarkup\((?!\s*['\"])", {"web/markdown.py"}, id="HTML that was not cleaned"
        ),
        # What `serve` and pg_dump tell the processes that they start.
        pytest.param(
            r"os\.(environ|getenv)",
            {"settings.py", "cli.py", "upkeep/postgres.py"},
            id="the environment",
        ),
        pytest.param(r"\burl_for\(", set(), id="an address that believes the Host"),
        pytest.param(r"from_string\(", set(), id="a template made from data"),
        # The name of a setting; the first letter of a message in English.
        pytest.param(
            r"\.(upper|lower|title|capitalize|swapcase)\(",
            {"settings.py", "exhibits/folder.py"},
            id="case",
        ),
    ],
)
def test_the_code_has_nothing_of(wrong: str, allowed: set[str]) -> None:
    found = {
        path.relative_to(ROOT / "guide").as_posix()
        for path in CODE
        if re.search(wrong, path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


def test_every_setting_is_documented() -> None:
    paper = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    explained = re.findall(r"^\| `GUIDE_([A-Z_]+)` \|", paper, re.MULTILINE)
    known = {name.upper() for name in Settings.model_fields.keys() - OUR_OWN}
    assert set(explained) == known


def test_every_setting_that_is_written_of_exists() -> None:
    papers = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *CODE]
    written = {
        name
        for path in papers
        for name in re.findall(r"\bGUIDE_([A-Z]+(?:_[A-Z]+)*)\b", path.read_text("utf-8"))
    }
    assert written <= {name.upper() for name in Settings.model_fields}


def test_every_command_has_an_example() -> None:
    commands = typer.main.get_group(cli.app).commands
    assert len(commands) >= 8
    for name, command in commands.items():
        assert f"Example: guide {name}" in (command.help or ""), name


# Style sheets.


def declarations(sheet: str) -> Iterator[tuple[str, str, str]]:
    """Yield selector (with what is around it), property and value; addresses are taken out."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    plain = re.sub(r"url\((\"[^\"]*\"|'[^']*'|[^)]*)\)", "url()", plain)
    around: list[str] = []
    for said, end in re.findall(r"([^{};]*)([{};])", plain):
        name, colon, value = said.partition(":")
        if end == "{":
            around.append(said.strip())
            continue
        if colon:
            yield " ".join(around), name.strip(), value.strip()
        if end == "}":
            around.pop()


def faults(sheet: str) -> list[str]:
    """List what visitor.md, A5 forbids."""
    return [
        f"{selector} {{ {name}: {value} }}"
        for selector, name, value in declarations(sheet)
        if (name == "text-transform" and value != "none")
        or re.search(r"(^|-)(left|right)($|-)", name)
        or (name in {"text-align", "float", "clear"} and value in {"left", "right"})
        or (
            name == "letter-spacing"
            and value not in {"0", "normal"}
            and ":lang(ar)" in selector.replace(":not(:lang(ar))", "")
        )
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "a { text-transform: uppercase }",
        "@layer x { @media print { a { color: red; margin-left: 1px } } }",
        "a { color: red; &:hover { left: 0; } }",
        "a { border-top-right-radius: 1px } /* } */",
        "p { text-align: left }",
        ":lang(ar) h1 { letter-spacing: .1em }",
    ],
)
def test_the_scan_of_style_sheets_sees(wrong: str) -> None:
    assert len(faults(wrong)) == 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_changes_no_letters_and_knows_no_left_and_right(sheet: Path) -> None:
    assert faults(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_colours_are_named_in_one_sheet(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        return
    for selector, name, value in declarations(sheet.read_text("utf-8")):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl)a?\(", value), (selector, name)


@pytest.mark.parametrize("name", LARGEST_STYLE)
def test_the_style_is_small(visitor: TestClient, name: str) -> None:
    path = app_of(visitor).state.assets.path(name)
    body = visitor.get(path).content
    assert len(brotli.compress(body)) <= LARGEST_STYLE[name]


# Everything that is kept.


def kept() -> list[Path]:
    git = shutil.which("git")
    assert git
    told = subprocess.run(  # noqa: S603 (fixed words)
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [ROOT / name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(
            r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|index[-]url", id="registry"
        ),
        pytest.param(r"(?<![\w.])/(home|Users|root|work)/\w", id="a path of this machine"),
        pytest.param(r"\b[A-Z]:\\\\?Users\\", id="a path of another machine"),
        pytest.param(r"BEGIN [A-Z ]*PRIVATE KEY", id="a secret"),
    ],
)
def test_no_file_that_is_kept_holds(wrong: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in kept()
        if re.search(wrong, path.read_text("utf-8", errors="replace"))
    }
    assert not found
