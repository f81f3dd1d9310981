"""What arrives on a raw connection: catalogue items 27, 35 to 42 and 44 of part B."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import quantiles
from threading import Thread
from time import perf_counter

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from guide.web.protocol import GuardedProtocol

HELLO = b"GET /hello HTTP/1.1\r\nHost: guide\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: guide\r\nConnection: close\r\n\r\n"
PATIENCE = 10  # seconds until a test gives up on a connection

Dial = Callable[[], socket.socket]
"""Opens a connection that is closed at the end of the test."""


UNREAD: Message = {"type": "http.request", "body": b"", "more_body": False}


class HastyProtocol(GuardedProtocol):
    """The same, in less time."""

    head_seconds = 0.3
    body_seconds = 0.3
    linger_seconds = 0.1


async def say_what_arrived(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with method, path, body and names of headers.

    /slow rests before it reads and /long after it; /hasty begins its answer before it reads,
    /blunt does not read. (Their slowness is what is tried: the only clocks in these tests.)
    """
    path = scope["path"]
    start = {"type": "http.response.start", "status": 200, "headers": []}
    if path == "/slow":
        await asyncio.sleep(3 * HastyProtocol.body_seconds)
    if path == "/hasty":
        await send(start)
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    body, message = b"", await receive() if path != "/blunt" else UNREAD
    while message["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
        message = await receive()
    if message["type"] == "http.disconnect":
        return
    if path == "/long":
        await asyncio.sleep(3 * HastyProtocol.body_seconds)
    fields = sorted(name.decode() for name, _ in scope["headers"])
    told = f"{scope['method']} {path} {len(body)} {body[:9]!r} {fields}".encode()
    if path != "/hasty":
        length = str(len(told)).encode()
        await send({**start, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": told})


@contextmanager
def served(protocol: type[GuardedProtocol], loop: str) -> Iterator[int]:
    """Serve on a free port; connections wait in its queue until the server is up."""
    config = uvicorn.Config(
        say_what_arrived, loop=loop, http=protocol, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module", params=["asyncio", "auto"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with served(GuardedProtocol, request.param) as port:
        yield port


@pytest.fixture(scope="module", params=["asyncio", "auto"])
def hasty_port(request: pytest.FixtureRequest) -> Iterator[int]:
    with served(HastyProtocol, request.param) as port:
        yield port


@contextmanager
def dialling(port: int) -> Iterator[Dial]:
    with ExitStack() as hung_up:

        def dial() -> socket.socket:
            address = ("127.0.0.1", port)
            return hung_up.enter_context(socket.create_connection(address, PATIENCE))

        yield dial


@pytest.fixture
def dial(port: int) -> Iterator[Dial]:
    with dialling(port) as dial:
        yield dial


@pytest.fixture
def dial_hasty(hasty_port: int) -> Iterator[Dial]:
    with dialling(hasty_port) as dial:
        yield dial


def heard(line: socket.socket) -> bytes:
    """Return all that comes until the other end closes."""
    return b"".join(iter(lambda: line.recv(65_536), b""))


def hears(line: socket.socket, phrase: bytes) -> bool:
    """Tell whether this comes before the other end closes; what follows it may be lost."""
    told = b""
    while phrase not in told and (more := line.recv(65_536)):
        told += more
    return phrase in told


def asked(dial: Dial, *sent: bytes) -> bytes:
    line = dial()
    for part in sent:
        line.sendall(part)
    return heard(line)


def head_of(*fields: bytes, target: bytes = b"/", method: bytes = b"GET") -> bytes:
    lines = [b"%b %b HTTP/1.1" % (method, target), b"Host: guide", *fields, b"", b""]
    return b"\r\n".join(lines)


def is_refusal(answer: bytes, status: int) -> bool:
    """Tell whether this is one whole short answer that says no."""
    head, _, sentence = answer.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines)
    return (
        first.startswith(b"HTTP/1.1 %d " % status)
        and fields[b"content-type"] == b"text/plain; charset=utf-8"
        and fields[b"content-length"] == b"%d" % len(sentence)
        and fields[b"cache-control"] == b"no-store"
        and fields[b"x-content-type-options"] == b"nosniff"
        and fields[b"connection"] == b"close"
        and sentence.endswith(b".\n")
    )


def keep_sending(line: socket.socket) -> None:
    until = perf_counter() + PATIENCE
    while perf_counter() < until:
        line.sendall(b"x")


CHUNKED = b"Transfer-Encoding: chunked"
REFUSED = [
    (2, "target of 8,193 bytes", head_of(target=b"/".ljust(8_193, b"x")), 414),
    (2, "target of 1 MB", head_of(target=b"/".ljust(1_000_000, b"x")), 414),
    (27, "no Host", b"GET / HTTP/1.1\r\n\r\n", 400),
    (27, "two Hosts", head_of(b"Host: evil.example"), 400),
    (27, "the same Host twice", head_of(b"host: guide"), 400),
    (27, "two Hosts in 1.0", b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (31, "cookie of 64 kB", head_of(b"Cookie: d=".ljust(64_000, b"x")), 431),
    (35, "length -1", head_of(b"Content-Length: -1"), 400),
    (35, "length +1", head_of(b"Content-Length: +1") + b"a", 400),
    (35, "length twice", head_of(b"Content-Length: 1", b"Content-Length: 1") + b"a", 400),
    (35, "two lengths", head_of(b"Content-Length: 1", b"Content-Length: 2") + b"a", 400),
    (35, "lengths in a list", head_of(b"Content-Length: 1, 1") + b"a", 400),
    (35, "length 10^20", head_of(b"Content-Length: 1" + b"0" * 20) + b"a", 400),
    (36, "length and chunked", head_of(b"Content-Length: 3", CHUNKED) + b"0\r\n\r\n", 400),
    (36, "chunked and length", head_of(CHUNKED, b"Content-Length: 3") + b"0\r\n\r\n", 400),
    (36, "unknown coding", head_of(b"Transfer-Encoding: x") + b"0\r\n\r\n", 400),
    (36, "no chunk", head_of(CHUNKED, method=b"POST") + b"zz\r\n", 400),
    (36, "upgrade with a body", head_of(b"Connection: upgrade", b"Upgrade: h2c", CHUNKED), 400),
    (37, "LF only", b"GET / HTTP/1.1\nHost: guide\n\n", 400),
    (37, "LF after a header", b"GET / HTTP/1.1\r\nHost: guide\n\r\n", 400),
    (38, "100 headers of 1 kB", head_of(*[b"X: ".ljust(1_000, b"x")] * 100), 431),
    (38, "65 fields", head_of(*[b"X: y"] * 64), 431),
    (38, "head over 16 KiB", head_of(*[b"X: ".ljust(1_024, b"x")] * 16), 431),
    (38, "endless header", head_of(b"X: ".ljust(1_000_000, b"x"))[:-4], 431),
    (38, "endless trailer", head_of(CHUNKED) + b"0\r\nX: ".ljust(1_000_000, b"x"), 431),
    (44, "HTTP/0.9", b"GET /\r\n\r\n", 400),
    (44, "HTTP/0.9 by name", b"GET / HTTP/0.9\r\nHost: guide\r\n\r\n", 400),
    (44, "HTTP/1.2", b"GET / HTTP/1.2\r\nHost: guide\r\n\r\n", 400),
    (44, "HTTP/2 in the words of 1", b"GET / HTTP/2.0\r\nHost: guide\r\n\r\n", 400),
    (44, "HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (44, "TLS bytes", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (44, "NUL in a header", head_of(b"X: \x00"), 400),
]


@pytest.mark.parametrize(
    ("sent", "status"),
    [pytest.param(sent, status, id=f"{item} {name}") for item, name, sent, status in REFUSED],
)
def test_refuses_in_one_plain_answer_and_closes(dial: Dial, sent: bytes, status: int) -> None:
    assert is_refusal(asked(dial, sent), status)


TAKEN = [
    ("target of 8,192 bytes", head_of(target=b"/".ljust(8_192, b"x"))),
    ("64 fields", head_of(*[b"X: y"] * 63)),
    ("head just under 16 KiB", head_of(*[b"X: ".ljust(1_020, b"x")] * 15)),
    ("HTTP/1.0 without Host", b"GET / HTTP/1.0\r\n\r\n"),
    ("empty lines before", b"\r\n\r\n" + head_of()),
    ("upgrade without a body", head_of(b"Connection: upgrade", b"Upgrade: h2c")),
]


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in TAKEN])
def test_takes_what_is_within_the_limits(dial: Dial, sent: bytes) -> None:
    line = dial()
    line.sendall(sent)
    line.shutdown(socket.SHUT_WR)

    assert hears(line, b"HTTP/1.1 200 OK\r\n")


def test_takes_a_head_that_comes_byte_by_byte(dial: Dial) -> None:
    assert b"GET /last 0" in asked(dial, *[LAST[i : i + 1] for i in range(len(LAST))])


def test_keeps_the_connection_for_the_next_request(dial: Dial) -> None:
    line = dial()
    line.sendall(HELLO)
    assert hears(line, b"GET /hello")

    line.sendall(LAST)

    assert b"GET /last" in heard(line)


def test_answers_requests_sent_at_once_in_their_order(dial: Dial) -> None:
    posted = head_of(b"Content-Length: 20000", target=b"/posted", method=b"POST")
    answers = asked(dial, HELLO + posted + b"x" * 20_000 + HELLO[:9], HELLO[9:] + LAST)

    told = [
        answers.index(path) for path in (b"GET /hello", b"POST /posted 20000", b"GET /last")
    ]
    assert told == sorted(told)
    assert answers.count(b"200 OK") == 4


def test_a_head_request_is_answered_without_a_body(dial: Dial) -> None:
    answer = asked(dial, LAST.replace(b"GET", b"HEAD"))

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


def test_42_says_go_on_to_a_client_that_asks_first(dial: Dial) -> None:
    line = dial()
    line.sendall(head_of(b"Expect: 100-continue", b"Content-Length: 3", method=b"PUT"))
    assert hears(line, b"HTTP/1.1 100 Continue\r\n\r\n")

    line.sendall(b"abc")

    assert hears(line, b"PUT / 3 b'abc'")


def test_a_trailer_does_not_pass_for_a_header(dial: Dial) -> None:
    body = b"3;why=not\r\nabc\r\n2\r\nde\r\n0\r\nX-Forwarded-For: evil\r\n\r\n"
    line = dial()
    line.sendall(head_of(CHUNKED, method=b"POST") + body)

    assert hears(line, b"POST / 5 b'abcde' ['host', 'transfer-encoding']")


def test_garbage_after_a_request_ends_the_connection_with_its_answer(dial: Dial) -> None:
    answer = asked(dial, HELLO + b"\x16\x03\x01" * 9)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close\r\n" in answer
    assert b"GET /hello" in answer
    assert b"400" not in answer


def test_garbage_in_a_body_does_not_break_into_an_answer(dial: Dial) -> None:
    line = dial()
    line.sendall(head_of(CHUNKED, target=b"/hasty", method=b"POST"))
    assert hears(line, b"begun")

    line.sendall(b"zz\r\n")

    assert b"HTTP/1.1" not in heard(line)


def test_garbage_in_a_body_silences_an_answer_not_yet_begun(
    dial: Dial, caplog: pytest.LogCaptureFixture
) -> None:
    head = head_of(CHUNKED, target=b"/blunt", method=b"POST")

    assert is_refusal(asked(dial, head + b"zz\r\n"), 400)
    assert [one.levelname for one in caplog.records if one.name == "uvicorn.error"] == [
        "WARNING"
    ]


def test_garbage_in_the_body_of_a_second_request_gets_no_answer_before_the_first(
    dial: Dial,
) -> None:
    first = HELLO.replace(b"/hello", b"/slow")

    assert asked(dial, first + head_of(CHUNKED, method=b"POST") + b"zz\r\n") == b""


def test_a_refused_client_that_goes_on_sending_is_cut_off(dial_hasty: Dial) -> None:
    line = dial_hasty()
    line.sendall(b"\x16\x03\x01")
    assert is_refusal(heard(line), 400)

    with pytest.raises(ConnectionError):
        keep_sending(line)


def test_39_closes_a_head_that_never_ends(dial_hasty: Dial) -> None:
    assert is_refusal(asked(dial_hasty, HELLO[:-2]), 408)


def test_39_closes_the_half_of_a_second_request(dial_hasty: Dial) -> None:
    line = dial_hasty()
    line.sendall(HELLO)
    assert hears(line, b"GET /hello")
    line.sendall(HELLO[:-2])

    assert is_refusal(heard(line), 408)


def test_39_closes_the_half_of_a_request_sent_with_another(dial_hasty: Dial) -> None:
    answer = asked(dial_hasty, HELLO + HELLO[:-2])

    assert answer.count(b"200 OK") == 1
    assert b"HTTP/1.1 408" in answer


def test_39_closes_a_silent_connection_without_a_word(dial_hasty: Dial) -> None:
    assert asked(dial_hasty) == b""
    assert asked(dial_hasty, b"\r\n") == b""


def test_39_an_empty_line_after_a_request_does_not_hold_the_connection(
    dial_hasty: Dial,
) -> None:
    line = dial_hasty()
    line.sendall(HELLO)
    assert hears(line, b"b'' ['host']")
    line.sendall(b"\r\n")

    assert heard(line) == b""


def test_39_closes_fifty_half_open_connections(dial_hasty: Dial) -> None:
    lines = [dial_hasty() for _ in range(50)]
    for line in lines:
        line.sendall(HELLO[:-2])

    assert all(is_refusal(heard(line), 408) for line in lines)


def test_40_closes_a_body_that_stops(dial_hasty: Dial) -> None:
    head = head_of(b"Content-Length: 10", method=b"POST")

    assert is_refusal(asked(dial_hasty, head + b"abc"), 408)


def test_40_closes_a_body_that_comes_a_byte_now_and_then(dial_hasty: Dial) -> None:
    line = dial_hasty()
    line.sendall(head_of(b"Content-Length: 1000", method=b"POST"))
    line.settimeout(HastyProtocol.body_seconds / 10)
    sent, answer = 0, b""
    while not answer and sent < 1_000:
        line.sendall(b"x")
        sent += 1
        try:
            answer = line.recv(65_536)
        except TimeoutError:
            continue

    assert is_refusal(answer, 408)


def test_40_a_body_waits_as_long_as_the_guide_itself_is_slow(dial_hasty: Dial) -> None:
    line = dial_hasty()
    line.sendall(head_of(b"Content-Length: 1000000", target=b"/slow", method=b"POST"))
    line.sendall(b"x" * 1_000_000)

    assert hears(line, b"POST /slow 1000000")


def test_40_a_client_that_asks_first_waits_as_long_as_the_guide_is_slow(
    dial_hasty: Dial,
) -> None:
    line = dial_hasty()
    asks = (b"Expect: 100-continue", b"Content-Length: 3")
    line.sendall(head_of(*asks, target=b"/slow", method=b"PUT"))

    assert hears(line, b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize(
    ("framed", "body"),
    [(b"Content-Length: 3", b"abc"), (CHUNKED, b"3\r\nabc\r\n0\r\n\r\n")],
    ids=["length", "chunked"],
)
def test_40_a_whole_body_ends_the_deadline(
    dial_hasty: Dial, framed: bytes, body: bytes
) -> None:
    line = dial_hasty()
    line.sendall(head_of(framed, b"Expect: 100-continue", target=b"/long", method=b"POST"))
    assert hears(line, b"100 Continue\r\n\r\n")
    line.sendall(body[:-5])
    line.sendall(body[-5:])

    assert hears(line, b"POST /long 3")

    line.sendall(LAST)

    assert hears(line, b"GET /last 0")


def test_41_closes_a_body_that_ends_too_soon(dial: Dial) -> None:
    line = dial()
    line.sendall(head_of(b"Content-Length: 10", method=b"POST") + b"abc")
    line.shutdown(socket.SHUT_WR)

    assert heard(line) == b""


@pytest.mark.long
def test_39_a_thousand_half_open_connections_close_while_visitors_are_served(
    dial: Dial,
) -> None:
    lines = [dial() for _ in range(1_000)]
    for line in lines:
        line.sendall(HELLO[:-2])
        line.settimeout(30)
    began = perf_counter()
    visits = []
    for _ in range(1_000):
        visit = perf_counter()
        assert b"GET /last" in asked(dial, LAST)
        visits.append(perf_counter() - visit)
    refused = [is_refusal(heard(line), 408) for line in lines]
    took = perf_counter() - began

    assert all(refused)
    assert took <= 15
    assert quantiles(visits, n=20)[-1] <= 0.05
