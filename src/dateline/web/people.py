"""Who sits at the page: the name under which judgements are entered."""

from __future__ import annotations

from starlette.requests import Request

NAME = "reviewer"


def reviewer_of(request: Request) -> str | None:
    """The name that this session judges under; nobody has said: None."""
    name: str | None = request.session.get(NAME)
    return name
