"""One HTTP request: certificates, redirects that never downgrade, and failures told in words."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    import requests

__all__ = ["Patience", "PlaceError", "ask", "redacted"]

MOST_REDIRECTS = 8
PASSING_STATUS = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Patience:
    """How long to wait for what; all in seconds unless the name says otherwise.

    Parameters
    ----------
    connect_seconds, read_seconds
        For a connection, and between two pieces of an answer.
    hedge_seconds
        How long no byte may come before the next mirror is started as well.
    hedge_trial_seconds, hedge_bytes_per_second, hedge_remaining_seconds
        A further mirror is started as well when, so long after the last one was, bytes come at less than this
        rate and so much time would still be needed.
    silence_seconds
        How long a place may do nothing at all (name look-up, dripping headers) before it is given up.
    attempts
        How often a place is asked in a row without getting further.
    backoff_seconds, most_backoff_seconds
        First wait before asking again, doubled each time, and its limit.
    most_retry_after_seconds
        The longest wait that a server may ask for.
    slow_window_seconds, slow_bytes_per_second
        A transfer that stays below this rate for a whole window is taken as stalled.
    """

    connect_seconds: float = 6.0
    read_seconds: float = 20.0
    hedge_seconds: float = 2.0
    hedge_trial_seconds: float = 5.0
    hedge_bytes_per_second: float = 100_000.0
    hedge_remaining_seconds: float = 60.0
    silence_seconds: float = 40.0
    attempts: int = 4
    backoff_seconds: float = 0.5
    most_backoff_seconds: float = 20.0
    most_retry_after_seconds: float = 60.0
    slow_window_seconds: float = 30.0
    slow_bytes_per_second: float = 1000.0


class PlaceError(Exception):
    """A place did not give the file. Never leaves this package: it becomes one line of a `DownloadError`.

    Parameters
    ----------
    reason
        What happened, in words.
    may_pass
        Whether the same place may well succeed when it is asked again.
    wait_seconds
        How long the server asked us to wait, if it did.
    """

    def __init__(self, reason: str, *, may_pass: bool = False, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.may_pass, self.wait_seconds = reason, may_pass, wait_seconds


def redacted(url: str) -> str:
    """The URL without user name and password, fit for messages and stamps.

    Examples
    --------
    >>> redacted("https://me:secret@mirror.example:8443/mnist")
    'https://mirror.example:8443/mnist'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def ask(
    session: requests.Session,
    url: str,
    *,
    patience: Patience,
    verify: str | bool,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """GET a URL and follow its redirects; the body is not read yet.

    A redirect from https to http is refused. A URL that was http from the start is followed as it is.

    Raises
    ------
    PlaceError
        No answer, or an answer other than 200 and 206.
    """
    asked = url
    for _ in range(MOST_REDIRECTS):
        response = _get(session, asked, patience, verify, headers or {})
        if not response.is_redirect:
            _check_status(response)
            return response
        response.close()
        target = urljoin(asked, response.headers["Location"])
        if urlsplit(asked).scheme == "https" and urlsplit(target).scheme != "https":
            raise PlaceError(f"redirects from https to {redacted(target)}, which is refused")
        asked = target
    raise PlaceError(f"redirects more than {MOST_REDIRECTS} times")


def _get(
    session: requests.Session, url: str, patience: Patience, verify: str | bool, headers: dict[str, str]
) -> requests.Response:
    import requests
    import urllib3

    timeout = (patience.connect_seconds, patience.read_seconds)
    try:
        return session.get(
            url, headers=headers, timeout=timeout, verify=verify, stream=True, allow_redirects=False
        )
    except requests.exceptions.SSLError as error:
        raise PlaceError(f"TLS failed: {_root(error)}") from error
    except requests.exceptions.ConnectTimeout as error:
        # Most likely a firewall that drops what it does not like: then the next place is the better bet.
        raise PlaceError(f"no connection within {patience.connect_seconds:g} s") from error
    except requests.exceptions.Timeout as error:
        raise PlaceError(f"no answer within {patience.read_seconds:g} s", may_pass=True) from error
    except requests.exceptions.ConnectionError as error:
        cause = _root(error)
        # A name that is not known, or a port that nobody listens on, stays so: do not ask again.
        lasting = isinstance(cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ProxyError))
        raise PlaceError(_connection_reason(cause, url), may_pass=not lasting) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise PlaceError(f"cannot be asked: {error}") from error


def _root(error: Exception) -> Exception:
    """What urllib3 said inside of what requests says."""
    inner = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    reason = getattr(inner, "reason", None)
    return reason if isinstance(reason, Exception) else inner


def _connection_reason(cause: Exception, url: str) -> str:
    import urllib3

    host = urlsplit(url).hostname
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return f"no such host: the name {host} is not known"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        refused = isinstance(cause.__cause__, ConnectionRefusedError) or "refused" in str(cause)
        return "connection refused" if refused else f"no connection to {host}: {cause.__cause__ or cause}"
    if isinstance(cause, urllib3.exceptions.ProxyError):
        return f"the proxy failed: {cause}"
    return f"connection broken: {cause}"


def _check_status(response: requests.Response) -> None:
    if response.status_code in (200, 206, 416):
        return
    response.close()
    wait = _retry_after(response.headers.get("Retry-After"))
    reason = f"HTTP {response.status_code} {response.reason or ''}".strip()
    raise PlaceError(reason, may_pass=response.status_code in PASSING_STATUS, wait_seconds=wait)


def _retry_after(value: str | None) -> float | None:
    """Seconds that the server asks us to wait; it may say so as a number or as a date."""
    if value is None:
        return None
    with contextlib.suppress(ValueError):
        return max(0.0, float(value))
    with contextlib.suppress(ValueError, TypeError):
        until = email.utils.parsedate_to_datetime(value)
        return max(0.0, (until - datetime.datetime.now(until.tzinfo)).total_seconds())
    return None
