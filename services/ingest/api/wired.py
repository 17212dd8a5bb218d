"""The parts, as the routes get them."""

from typing import Annotated

from fastapi import Depends, Request

from services.ingest.parts import Parts


async def _parts(request: Request) -> Parts:  # else FastAPI asks for it in a thread
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(_parts)]
"""The parts, which app.py leaves in the app's state, as a parameter of a route."""
