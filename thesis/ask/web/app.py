"""The requests that the page makes: its own files, and ask, watch, stop, save, undo."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from stages.common.shown import on_one_line, visible
from stages.shell.errors import UserError
from thesis.ask.prompts import typed_prompt
from thesis.ask.saving import save, undo
from thesis.ask.session import Session
from thesis.ask.web.asking import Asking
from thesis.ask.web.guarding import OwnPageOnly
from thesis.ask.web.page import assets, page_html
from thesis.ask.web.typed import NUMBERS, TEXT, Refused, settings_of

PAUSE_SECONDS = 0.1
"""Pause between two looks at the texts; an eye gets no faster with shorter ones."""
MAX_ASKED = 50
"""Number of draws that are kept in memory; the oldest can no longer be saved."""


class Site:
    """The page of a session, and what was asked on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked: dict[str, Asking] = {}
        self._writes = Lock()

    def page(self, _: Request) -> Response:
        return HTMLResponse(page_html(self.session))

    async def ask(self, request: Request) -> Response:
        """Begin a draw, or say beside which field a mistake is."""
        typed = await _typed(request)
        try:
            asking = self._asking(typed)
        except Refused as refused:
            return JSONResponse({"errors": refused.errors}, status_code=422)
        key = secrets.token_urlsafe(9)
        self.asked[key] = asking
        for old in [*self.asked][:-MAX_ASKED]:
            self.asked.pop(old).stop()
        asking.start()
        return JSONResponse({"key": key})

    async def watch(self, request: Request) -> Response:
        """Server-sent events: the columns, whenever they change, until the draw has ended."""
        asking = self.asked.get(request.path_params["key"])
        events = _gone() if asking is None else _events(asking, request)
        return StreamingResponse(events, media_type="text/event-stream")

    def stop(self, request: Request) -> Response:
        self._found(request).stop()
        return JSONResponse({})

    def save(self, request: Request) -> Response:
        """Save all answers; one that was saved before is not written again."""
        asking = self._found(request)
        with self._writes:  # two requests at once would both find that no file is there yet
            saved = save(asking.answers)
        new = [one for one in saved if one.is_new]
        asking.saved += [one for one in new if one.path not in {old.path for old in asking.saved}]
        return JSONResponse({"paths": _paths(one.path for one in saved), "n_new": len(new)})

    def undo(self, request: Request) -> Response:
        """Remove the files of these answers, unless someone has changed them since."""
        asking = self._found(request)
        saved, asking.saved = asking.saved, []
        removed = undo(saved)
        kept = [one.path for one in saved if one.path not in removed]
        return JSONResponse({"paths": _paths(removed), "kept": _paths(kept)})

    def end(self) -> None:
        """Stop every draw."""
        for asking in self.asked.values():
            asking.stop()

    def _asking(self, typed: dict[str, Any]) -> Asking:
        settings = settings_of(typed, self.session.settings)
        try:
            prompt = typed_prompt(typed["text"], self.session.asked)
        except UserError as error:
            raise Refused({"text": str(error)}) from None
        return Asking(self.session, prompt, settings)

    def _found(self, request: Request) -> Asking:
        found = self.asked.get(request.path_params["key"])
        if found is None:
            raise HTTPException(404, "These answers are no longer in memory: ask again")
        return found


def app_of(site: Site, port: int) -> Starlette:
    """The application that serves a page at a port of this computer."""
    routes = [
        Route("/", site.page),
        *(Route(path, _sender(body, kind)) for path, (body, kind) in assets().items()),
        Route("/asked", site.ask, methods=["POST"]),
        Route("/asked/{key}", site.watch),
        Route("/asked/{key}/stop", site.stop, methods=["POST"]),
        Route("/asked/{key}/save", site.save, methods=["POST"]),
        Route("/asked/{key}/undo", site.undo, methods=["POST"]),
    ]
    handlers = {HTTPException: _refused, UserError: _refused, OSError: _refused}
    middleware = [Middleware(OwnPageOnly, port=port)]
    return Starlette(routes=routes, exception_handlers=handlers, middleware=middleware)


async def _events(asking: Asking, request: Request) -> AsyncIterator[str]:
    last, is_running = "", True
    while is_running and not await request.is_disconnected():
        state = asking.as_json()
        is_running, text = state["is_running"], json.dumps(state)
        if text != last:
            yield f"data: {text}\n\n"
        last = text
        await asyncio.sleep(PAUSE_SECONDS)


async def _gone() -> AsyncIterator[str]:
    """Tell a page that was open before the server was started again; an error would be tried again."""
    yield "event: gone\ndata:\n\n"


async def _typed(request: Request) -> dict[str, Any]:
    """The fields of the page as they were typed."""
    try:
        found = await request.json()
        typed = {name: str(found[name]) for name in (TEXT, *NUMBERS)}
        return typed | {"constrained": found["constrained"] is True}
    except (ValueError, KeyError, TypeError):
        raise HTTPException(400, "This is not what the page sends") from None


def _sender(body: str, kind: str) -> Callable[[Request], Response]:
    return lambda _: Response(body, media_type=kind)


def _refused(_: Request, error: Exception) -> Response:
    """A mistake in words, for the page."""
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, status_code=error.status_code)
    return JSONResponse({"error": visible(str(error))}, status_code=409)


def _paths(paths: Iterable[Path]) -> list[str]:
    return [on_one_line(str(path)) for path in paths]
