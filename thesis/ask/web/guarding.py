"""Admit only the page's own tab.

A page of another site can give its own name the address 127.0.0.1 (DNS rebinding) and then reach
a local server; its requests still carry the foreign name in Host or Origin. Starlette's
TrustedHostMiddleware looks at neither the port nor the Origin.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer: only the page's own scripts and styles run, no other page can hold it."""


class OwnPageOnly:
    """Refuse requests of other hosts and origins; send POLICY with every answer."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in NAMES} | ({*NAMES} if port == 80 else set())
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(POLICY)
            await send(message)

        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        answer = self.app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await answer(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if [host.lower() in self.hosts for host in headers.getlist("host")] != [True]:
            return f"This page answers only at {', '.join(sorted(self.hosts))}"
        if not {origin.lower() for origin in headers.getlist("origin")} <= self.origins:
            return "This page refuses requests from other sites"
        return None
