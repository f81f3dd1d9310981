"""Sentences of the interface that are said while a template is compiled, not at each print."""

from collections.abc import Callable, Iterator
from typing import cast

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

CALL = ("name", "lparen", "string", "rparen")


class SaidAtOnce(Extension):
    """Puts the translation in the place of `_("…")`; with values it stays a call.

    Templates are compiled once for each language, so such a sentence never changes in them.
    The environment's global `say` is the language's gettext.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Go through the tokens of a template."""
        say = cast("Callable[[str], str]", self.environment.globals["say"])
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            some = tokens[at : at + len(CALL)]
            if tuple(one.type for one in some) == CALL and some[0].value == "_":
                line = some[0].lineno
                said = say(some[2].value) % {}
                yield Token(line, "lparen", "(")
                yield Token(line, "string", said)
                yield Token(line, "pipe", "|")
                yield Token(line, "name", "safe")
                yield Token(line, "rparen", ")")
                at += len(CALL)
            else:
                yield tokens[at]
                at += 1
