"""The studio: pages in the browser on this machine, where one draws a digit and sees what a network sees.

How to add a page, say ``map``: one Python file, one template, one module.

``studio/pages/_map.py`` holds ``PAGE``, which says what the page is and what it asks of Python::

    PAGE = Page(
        name="map",                              # its address: /map
        title="Map",                             # in the bar at the top
        place=3,                                 # from the left
        purpose="70,000 digits, like near like.",
        routes=(api("map/points", points),),     # POST /api/map/points -> points(studio, asked)
    )

Pages are found by looking into that folder; nothing else has to be told. Importing the file must be quick:
what is slow (torch, and anything of ours that imports it) is imported inside the functions. The function of a
route gets the `Studio` and what was `Asked`, runs in a thread, and returns a mapping (sent as JSON), bytes
(sent as they are, see `_answers.packed`) or a Response of Starlette's. A `FirstlightError` that it raises
becomes a message on the page. ``studio.once(name, make)`` makes a thing once and keeps it, whoever is first;
``studio.reader()`` is the network that is shown, ``studio.images()`` its data set. What takes long is best
asked for by the page once it is ready, so that nobody waits for what another page needs.

``studio/templates/map.html.j2`` extends ``page.html.j2`` and fills ``{% block content %}``; heading and bar
are there already. No inline script, style or handler: the content security policy refuses them.

``studio/static/map.js`` is the page's ES module, loaded by its name; ``map.css`` is loaded where it is there.
``studio.js`` holds what pages share: ``ask(path, body)`` (which sends the token; ``askJson``, ``askPacked``),
``linkState`` (what the address keeps behind #), ``tell(text)`` (for screen readers), ``trouble(error)``,
``ready()`` (sets ``data-ready`` on <html>), ``codeOf(text)`` (the box "Show me the code").

Tests: ``tests/studio/conftest.py`` has a studio that runs (``studio_url``) and a browser (``new_page``).

Everything under /api/ needs the token that is in the address which the server prints; see `_security`.
"""

from __future__ import annotations

from firstlight.studio._alone import write_draw_page
from firstlight.studio._serve import StudioServer
from firstlight.studio._studio import Studio

__all__ = ["Studio", "StudioServer", "write_draw_page"]
