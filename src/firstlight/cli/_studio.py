"""`firstlight studio`: pages in the browser, served by this machine for this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["studio"]


def studio(
    port: Annotated[
        int | None, typer.Option(help="Where to listen; 0 for any free port. 8421 where nothing is said.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    run: Annotated[
        str | None, typer.Option(help="Show this run; the default is the network in the package.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", "-d", help="A data set's name or path; else the network's.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="FILE.py:NET", help="Show a network of your own.")
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Draw digits in the browser, and look into a network.

    Serves pages to this machine only, and asks nobody on the network. The address that it prints holds a key,
    without which no page may ask anything. Ctrl-C ends it.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.studio import Studio, StudioServer

        shown = Studio(run=run, dataset=dataset, model=model)
        server = StudioServer(shown, port=port)
        try:
            if not shown.is_shipped or dataset is not None:
                out.say("Loading what is to be shown")
                shown.check()
        except BaseException:
            server.close()
            raise
        out.print(f"The studio is at {server.url}")
        out.say("Ctrl-C ends it.")
        out.result({"url": server.url, "port": server.port})
    if browser:
        server.open_browser()
    server.run()
