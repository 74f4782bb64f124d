"""`firstlight studio`: pages in the browser, served by this machine for this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None)

RunOption = Annotated[
    str | None, typer.Option("--run", help="Show this run; the default is the network in the package.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="FILE.py:NET", help="Show a network of your own.")
]


@app.callback(invoke_without_command=True)
def studio(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Where to listen; 0 for any free port. 8421 where nothing is said.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    run: RunOption = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", "-d", help="A data set's name or path; else the network's.")
    ] = None,
    model: ModelOption = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Draw digits in the browser, and look into a network.

    Serves pages to this machine only, and asks nobody on the network. The address that it prints holds a key,
    without which no page may ask anything. Ctrl-C ends it.
    """
    if context.invoked_subcommand is not None:
        if any((port is not None, run, dataset, model, json, quiet)):
            raise typer.BadParameter(
                f"Options go behind the command: firstlight studio {context.invoked_subcommand} ... --json"
            )
        return
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


@app.command()
def export(
    path: Annotated[Path, typer.Argument(metavar="PAGE.html", help="The file to write.")],
    run: RunOption = None,
    model: ModelOption = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write page Draw and its network as one file to use offline.

    Open it from disk, or send it to somebody: it needs no server and asks nobody on the network.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.studio import Studio, write_draw_page

        written = write_draw_page(path, run=run, model=model)
        size = written.stat().st_size
        out.print(f"{written}: {size / 1e3:,.0f} kB; open it in a browser, here or on a phone")
        name = Studio(run=run, model=model).reader().name
        out.result({"path": written, "size_bytes": size, "network": name})
