"""The server of the page: for this computer only; it fetches nothing and sends nothing."""

from pathlib import Path
from typing import Any

from stages.shell.errors import UserError
from thesis.ask.session import Session

HOST = "127.0.0.1"
FONTS = ["system-ui", "sans-serif"]
"""Fonts of the computer; Gradio's own themes ask a font server."""


def serve(session: Session, port: int) -> None:
    """Show the page until Ctrl-C.

    Raises:
        UserError: if the port is taken.
    """
    page = launched(session, port, in_browser=True)
    print(f"The page: http://{HOST}:{port}   (this computer only; Ctrl-C ends it)", flush=True)
    page.block_thread()


def launched(session: Session, port: int, *, in_browser: bool) -> Any:
    """The running page; its `close()` ends it."""
    import gradio as gr
    from starlette.middleware import Middleware

    from thesis.ask.web.guarding import OwnPageOnly
    from thesis.ask.web.page import page_of

    page = page_of(session)
    try:
        page.queue(default_concurrency_limit=1).launch(
            server_name=HOST,
            server_port=port,
            share=False,
            inbrowser=in_browser,
            theme=gr.themes.Default(font=FONTS, font_mono=["ui-monospace", "monospace"]),
            css_paths=[Path(__file__).with_name("page.css")],
            footer_links=[],
            ssr_mode=False,
            num_workers=0,
            app_kwargs={"middleware": [Middleware(OwnPageOnly, port=port)]},
            enable_monitoring=False,
            prevent_thread_lock=True,
            quiet=True,
        )
    except OSError as error:
        raise UserError(
            f"Port {port} of {HOST} cannot be used: {error}\nTry: thesis ask --web --port {port + 1}"
        ) from None
    return page
