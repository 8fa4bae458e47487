"""The server around `app.py`: everything is warm before the first visit, and each answer carries safe headers.

streamlit run server.py
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SafeHeaders:
    """Adds `HEADERS` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and put the headers on its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the child for long work before anybody comes, and stop it with the server."""
    from persona_core.ui import state

    # Streamlit sets this when st.navigation first runs; until then a bookmark to a page, opened first after a start,
    # would show "Page not found" over the right page, because there is a folder named pages.
    PagesManager.uses_pages_directory = False
    children = state.worker(), state.reader()
    yield
    for child in children:
        child.close()


app = st.App(Path(__file__).with_name("app.py"), lifespan=lifespan, middleware=[Middleware(SafeHeaders)])
