"""Errors as `application/problem+json` (RFC 9457): a status, a code, a place, a suggestion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heatseek.errors import (
    ArgumentError,
    HeatseekError,
    NoArticleError,
    QueryError,
    UsageError,
)
from heatseek.web.messages import PROBLEM, Content
from heatseek.web.parameters import NAMES, UnknownParameterError, message
from heatseek.wire import VERSION, dump

if TYPE_CHECKING:
    from heatseek.wire.programs import ProblemDocument

_TITLES = {
    400: "The request makes no sense",
    401: "A token is needed",
    403: "Not from there",
    404: "Not found",
    405: "Not by this method",
    413: "The body is too long",
    414: "The address is too long",
    421: "Not the name of this server",
    500: "A fault of ours",
    503: "Not now",
}
_MEANT = re.compile(r"did you mean (.+)\?")
_INTERNAL = "internal error; the server's log has more"


def problem(  # noqa: PLR0913 - the members of the document
    status: int,
    code: str,
    detail: str,
    *,
    parameter: str | None = None,
    position: int | None = None,
    suggestion: str | None = None,
) -> Content:
    """A problem as it is sent.

    Args:
        status: of HTTP.
        code: a word for the kind of problem.
        detail: one line: what is wrong, and what to do.
        parameter: whose value is wrong.
        position: of the wrong character in it, from 0.
        suggestion: to put in its place.
    """
    document: ProblemDocument = {
        "version": VERSION,
        "type": "about:blank",
        "title": _TITLES[status],
        "status": status,
        "code": code,
        "detail": detail,
        "parameter": parameter,
        "position": position,
        "suggestion": suggestion,
    }
    return Content(PROBLEM, dump(document, indent=None), status)


def problem_of(error: Exception) -> Content:  # noqa: PLR0911 - one for each kind
    """The problem that an error is to whoever asked."""
    match error:
        case UnknownParameterError():
            name, meant = error.name, error.nearest
            return problem(400, "parameter", message(error), parameter=name, suggestion=meant)
        case ArgumentError():
            name = NAMES.get(error.argument, error.argument)
            meant = _meant(error.reason)
            return problem(400, "value", message(error), parameter=name, suggestion=meant)
        case QueryError():
            advice = error.advice or None
            place = error.position
            detail = message(error)
            return problem(400, "query", detail, parameter="q", position=place, suggestion=advice)
        case UsageError():
            return problem(400, "request", message(error))
        case NoArticleError():
            return problem(404, "article", str(error))
        case HeatseekError():
            return problem(503, "index", str(error))
    return problem(500, "internal", _INTERNAL)


def _meant(reason: str) -> str | None:
    found = _MEANT.search(reason)
    return found[1] if found else None
