"""The server of the page: for this computer only; it fetches nothing and sends nothing."""

import socket
import webbrowser
from dataclasses import dataclass
from threading import Thread

import uvicorn

from stages.shell.errors import UserError
from thesis.ask.session import Session
from thesis.ask.web.app import Site, app_of

HOST = "127.0.0.1"
GRACE_SECONDS = 1
"""Time that open requests get when the server ends."""


@dataclass(frozen=True)
class Served:
    """A running server."""

    site: Site
    server: uvicorn.Server
    thread: Thread

    def close(self) -> None:
        """Stop every draw, and end the server."""
        self.site.end()
        self.server.should_exit = True
        self.thread.join()


def serve(session: Session, port: int) -> None:
    """Show the page until Ctrl-C.

    Raises:
        UserError: if the port is taken.
    """
    served = launched(session, port)
    address = f"http://{HOST}:{port}"
    print(f"The page: {address}   (this computer only; Ctrl-C ends it)", flush=True)
    webbrowser.open(address)
    try:
        served.thread.join()
    except KeyboardInterrupt:
        served.close()


def launched(session: Session, port: int) -> Served:
    """Start the server in a thread of its own."""
    listener = _listener(port)
    site = Site(session)
    config = uvicorn.Config(
        app_of(site, port),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    return Served(site, server, thread)


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise UserError(
            f"Port {port} of {HOST} cannot be used: {error}\nTry: thesis ask --web --port {port + 1}"
        ) from None
