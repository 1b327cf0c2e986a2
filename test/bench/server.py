"""A service that costs as little as it can: one thread, answers made beforehand, keep-alive.

    python -m bench.server

Prints its address, and ends when its standard input does. It runs in a process of its own, so that
nothing it does is counted as a client's.
"""

from __future__ import annotations

import re
import selectors
import socket
import sys
from collections.abc import Callable

from . import answers

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb"[?&]page_token=p(\d+)")
_END = b"\r\n\r\n"


class _Connection:
    """One client's connection, and what has arrived of its next request."""

    def __init__(self, sock: socket.socket, respond: Callable[[bytes], bytes]) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 19)
        self._socket, self._respond, self._received = sock, respond, b""

    def read(self) -> bool:
        """Answer each request that is complete; return whether the connection goes on."""
        try:
            arrived = self._socket.recv(65536)
        except ConnectionError:
            return False
        self._received += arrived
        while request := self._request():
            self._socket.sendall(self._respond(request))
        return bool(arrived)

    def _request(self) -> bytes | None:
        """Take the head of the next request, once its body is there too."""
        head, end, rest = self._received.partition(_END)
        length = _LENGTH.search(head)
        expected = int(length[1]) if length else 0
        if not end or len(rest) < expected:
            return None
        self._received = rest[expected:]
        return head


class _Service:
    """The answers, by the line that asks for them."""

    def __init__(self, url: str) -> None:
        self._more, self._last = answers.templates(url)
        self._key = answers.answer(answers.key_body())
        self._created = answers.answer(answers.key_body(), "201 Created")
        self._page = self._numbered(0)

    def respond(self, head: bytes) -> bytes:
        line = head[: head.index(b"\r\n")]
        if line.startswith(b"POST "):
            return self._created
        if line.startswith(b"GET /byok/v1/keys/"):
            return self._key
        token = _TOKEN.search(line)
        return self._numbered(int(token[1])) if token else self._page

    def _numbered(self, number: int) -> bytes:
        template = self._last if number == answers.PAGES - 1 else self._more
        return answers.answer(answers.page(template, number))


def _serve(listener: socket.socket, service: _Service) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ, None)
        selector.register(sys.stdin, selectors.EVENT_READ, None)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is listener:
                    sock = listener.accept()[0]
                    connection = _Connection(sock, service.respond)
                    selector.register(sock, selectors.EVENT_READ, connection)
                elif not key.data.read():
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]


def main() -> None:
    """Serve until standard input ends."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        url = "http://{}:{}".format(*listener.getsockname())
        print(url, flush=True)
        _serve(listener, _Service(url))


if __name__ == "__main__":
    main()
