"""Admit only the page's own tab, and only requests that the page needs.

A page of another site can give its own name the address 127.0.0.1 (DNS rebinding) and then reach
a local server; its requests still carry the foreign name in Host or Origin. Starlette's
TrustedHostMiddleware looks at neither the port nor the Origin.
"""

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
_API = "(?:queue/(?:join|data)|heartbeat/[^/]+|cancel|reset|startup-events|info|app_id)"
_NEEDED = re.compile(
    rf"/|/config|/(?:assets|static|svelte)/.+|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt"
    rf"|/pwa_icon(?:/\d+)?|/gradio_api/(?:{_API}|theme\.css|custom_component/.+)"
)
"""Paths that Gradio's page needs; not uploads, files, proxies or components' own calls."""


class OwnPageOnly:
    """Refuse HTTP and websocket requests of other hosts and origins, and for paths the page does not need."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in NAMES} | ({*NAMES} if port == 80 else set())
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        answer = self.app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if [host.lower() in self.hosts for host in headers.getlist("host")] != [True]:
            return f"This page answers only at {', '.join(sorted(self.hosts))}"
        if not {origin.lower() for origin in headers.getlist("origin")} <= self.origins:
            return "This page refuses requests from other sites"
        path = scope["path"].rstrip("/") or "/"
        if not _NEEDED.fullmatch(path) or {"..", "."} & {*re.split(r"[/\\]", path)}:
            return "This page accepts and serves no files"
        return None
