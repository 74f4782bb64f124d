"""`write_draw_page`: page Draw with the network inside, as one file that needs neither server nor network."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight._errors import MissingExtraError, UsageError
from firstlight.studio._bundle import bundled
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    from firstlight.prediction import Reader

__all__ = ["draw_page", "write_draw_page"]

STATIC = Path(__file__).parent / "static"
STYLES = ("studio.css", "draw.css")


def write_draw_page(path: str | Path, *, run: str | Path | None = None, model: str | None = None) -> Path:
    """Write page Draw with a network inside: one file to open from disk, or to send to a phone.

    It asks nobody on the network. Fitting, network and advice are computed by the same modules as in the
    studio; the nearest training digits and the reading of pictures need Python, and are left out.

    Parameters
    ----------
    path
        Of the page, such as ``"page.html"``; written whole or not at all.
    run
        A run, its folder or its name, or ``"last"``; ``None`` takes the network that comes with firstlight.
    model
        A network of your own instead, as ``file.py:Net``.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    UsageError
        The network has layers that the page cannot compute, or both a run and a model were given.
    MissingExtraError
        The extra ``studio`` is not installed.
    UnknownNameError
        No such run.
    DataError
        A file of the run is missing or damaged, or the disk refuses the page.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_draw_page(Path(folder) / "page.html")
    ...     page.stat().st_size < 500_000
    True
    """
    studio = Studio(run=run, model=model)
    return write_file(Path(path).expanduser(), draw_page(studio.reader()))


def draw_page(reader: Reader) -> str:
    """Return the page: markup, style, script and weights in one text; its policy forbids any request."""
    try:
        from firstlight.studio._app import page_template
        from firstlight.studio.pages._draw import PAGE
    except ModuleNotFoundError as error:
        raise MissingExtraError("The studio", package="starlette and uvicorn", extra="studio") from error
    from firstlight.studio._page_network import page_network

    network = page_network(reader.model)
    if network is None:
        raise UsageError(
            f"{reader.name} is a {_kind(reader)}, which a page cannot compute: it knows the networks of "
            "recipes such as mlp, mlp-fast, cnn-fast and cnn. Export one of those, or leave --run out."
        )
    scale = {"mean": reader.mean, "std": reader.std, "temperature": reader.temperature}
    shown: dict[str, Any] = {
        "run": None,
        "model": None,
        "dataset": reader.dataset,
        "name": reader.name,
        "classes": list(reader.classes),
        "is_calibrated": reader.is_calibrated,
        "network": {**scale, **network.facts},
    }
    script = bundled("draw.js", _static, instead={"asking.js": "alone.js"})
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page_template("draw").render(
        page=PAGE,
        version=__version__,
        is_alone=True,
        name=reader.name,
        style=Markup("".join(_static(name) for name in STYLES)),
        script=Markup(script),
        script_hash=Markup(f"sha256-{digest}"),
        shown=Markup(json.dumps(shown).replace("<", "\\u003c")),
        weights=Markup(base64.b64encode(network.weights).decode()),
    )


def _kind(reader: Reader) -> str:
    return type(getattr(reader.model, "network", reader.model)).__name__


def _static(name: str) -> str:
    return (STATIC / name).read_text("utf-8")
