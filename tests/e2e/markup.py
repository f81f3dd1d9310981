"""A page as a tree, read from its bytes as any reader of HTML would, without a browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


class MismatchedTagError(Exception):
    """An element is closed that is not open, or left open."""


@dataclass
class Element:
    """An element with its attributes, its parent and what it holds."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __iter__(self) -> "Iterator[Element]":
        """Go through the elements below this one, in their order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def named(self, *names: str) -> "list[Element]":
        return [one for one in self if one.name in names]

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """What is written in it, white space as it is shown."""
        return " ".join("".join(text for _, text in self.texts()).split())

    def texts(self) -> "Iterator[tuple[Element, str]]":
        """Go through the text nodes, each with the element that it stands in."""
        for child in self.children:
            if isinstance(child, Element):
                yield from child.texts()
            else:
                yield self, child

    def upwards(self) -> "Iterator[Element]":
        """Go from this element to the outermost."""
        one: Element | None = self
        while one:
            yield one
            one = one.parent

    @property
    def language(self) -> str:
        """The language that it is in: its own `lang`, or the nearest above."""
        return next(
            one.attributes["lang"] for one in self.upwards() if "lang" in one.attributes
        )

    def __str__(self) -> str:
        """Name it for a person who looks for it in a template."""
        classes = "".join(f".{one}" for one in sorted(self.classes))
        return f"<{self.name}{classes}> «{self.text[:40]}»"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top = Element("document")
        self.open = self.top

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(made)
        if tag not in VOID:
            self.open = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, dict.fromkeys(dict(attrs), ""), self.open))

    def handle_endtag(self, tag: str) -> None:
        if self.open.name != tag or self.open.parent is None:
            raise MismatchedTagError(f"</{tag}> in {self.open} at {self.getpos()}")
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read(html: str) -> Element:
    """Read a page; raise MismatchedTagError where a browser would have to guess."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    if builder.open is not builder.top:
        raise MismatchedTagError(f"{builder.open} is not closed")
    (page,) = builder.top.named("html")
    return page
