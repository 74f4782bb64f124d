"""Answers to what pages ask: JSON, bytes, and errors in words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from firstlight._errors import DataError, FirstlightError
from firstlight.studio._page import Asked, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["answer", "as_json", "failure", "http_failure", "json_response", "own_failure", "packed"]


async def answer(request: Request, work: Work) -> Response:
    """Run ``work`` in a thread and send what it returns."""
    asked = Asked(await request.body(), dict(request.query_params))
    given = await run_in_threadpool(work, request.app.state.studio, asked)
    if isinstance(given, Response):
        return given
    if isinstance(given, Mapping):
        return json_response(given)
    return Response(given, media_type="application/octet-stream")


def as_json(fields: Mapping[str, Any]) -> str:
    """Return JSON on one line; a number that is none becomes null, since JSON has no word for it.

    Examples
    --------
    >>> as_json({"loss": float("nan"), "step": 3})
    '{"loss":null,"step":3}'
    """
    return json.dumps(_finite(fields), allow_nan=False, separators=(",", ":"))


def json_response(fields: Mapping[str, Any], status: int = 200) -> Response:
    """Return JSON, as `as_json` writes it."""
    return Response(as_json(fields), status, media_type="application/json")


def packed(fields: Mapping[str, Any], *arrays: NDArray[Any]) -> bytes:
    r"""Return JSON and arrays in one: the length of the JSON in 4 bytes, lowest first, the JSON, the arrays.

    ``askPacked`` of ``studio.js`` takes it apart. Numbers of arrays are sent as they lie in memory.

    Examples
    --------
    >>> import numpy as np
    >>> packed({"n": 2}, np.array([7, 8], np.uint8))
    b'\x07\x00\x00\x00{"n":2}\x07\x08'
    """
    head = as_json(fields).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *(array.tobytes() for array in arrays)])


def failure(message: str, status: int) -> Response:
    """Return a message for the person in front of the page."""
    return json_response({"error": message}, status)


def http_failure(_request: Request, error: Exception) -> Response:
    """Tell what Starlette or the guard refused."""
    assert isinstance(error, HTTPException)
    return failure(error.detail, error.status_code)


def own_failure(_request: Request, error: Exception) -> Response:
    """Tell an error that we raise on purpose; where the data are at fault, it is not who asked."""
    assert isinstance(error, FirstlightError)
    return failure(str(error), 503 if isinstance(error, DataError) else 422)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
