"""The page's server over real HTTP."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from thesis.ask.session import Session

TYPED = {
    "text": "Who?",
    "draws": "1",
    "first_draw": "1",
    "temperature": "1",
    "seed": "1",
    "constrained": False,
}


@dataclass(frozen=True)
class Client:
    """A browser's part of the talk, without a browser."""

    port: int

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        """The answer to a request; `Host` as given, or the page's own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {name: value.format(port=self.port) for name, value in headers.items()}
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        connection.request(method, path, text, {"Host": f"127.0.0.1:{self.port}"} | given)
        return connection.getresponse()

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.send("POST", path, body).read())
        return found

    def ask(self, **changes: Any) -> str:
        """Begin a draw; its key."""
        return str(self.post("/asked", TYPED | changes)["key"])

    def states(self, key: str) -> Iterator[dict[str, Any]]:
        """The events of a draw."""
        answer = self.send("GET", f"/asked/{key}")
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        for line in answer:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))

    def end(self, key: str) -> dict[str, Any]:
        """The last event of a draw."""
        return [*self.states(key)][-1]


@contextmanager
def served(session: Session) -> Iterator[Client]:
    from thesis.ask.web.serving import launched

    server = launched(session, free_port())
    try:
        yield Client(port_of(server))
    finally:
        server.close()


def port_of(server: Any) -> int:
    """The port of a server, once it answers."""
    while not server.server.started:
        time.sleep(0.01)
    return int(server.server.servers[0].sockets[0].getsockname()[1])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
