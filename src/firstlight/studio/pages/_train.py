"""Page Train: a network learns while one looks on.

The training runs in a thread of the server. What happens is told by server-sent events, all of which are
kept: a page that is loaded again, or a second one, gets the whole of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from firstlight._errors import UsageError
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio
from firstlight.studio._trainer import Trainer, Wish

if TYPE_CHECKING:
    from firstlight.recipes import AnyRecipe

__all__ = ["PAGE"]

QUICK = ("mlp-fast", "mlp", "cnn-fast", "lenet5", "cnn")
MOST_EPOCHS = 100


def choices(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say what can be trained, and which runs were cut off."""
    from firstlight.recipes import RECIPES
    from firstlight.studio._training_results import unfinished_runs

    return {
        "dataset": studio.dataset,
        "recipes": [_choice(RECIPES[name]) for name in QUICK],
        "unfinished": unfinished_runs(),
    }


def start(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Start a training of ``{"recipe", "seed", "epochs", "learning_rate"}``; null is as the recipe has it."""
    from firstlight._seeds import check_seed
    from firstlight.recipes import RECIPES, Recipe, adjusted

    wished = _fields(asked)
    name, epochs = wished.get("recipe"), wished.get("epochs")
    if name not in QUICK:
        raise UsageError(
            f"This page trains {', '.join(QUICK)}; got {str(name)[:40]!r}. The command line trains all: "
            "firstlight train list"
        )
    recipe = adjusted(RECIPES[name], epochs=epochs, learning_rate=wished.get("learning_rate"))
    assert isinstance(recipe, Recipe), "the quick ones are networks"
    if recipe.epochs > MOST_EPOCHS:
        raise UsageError(
            f"This page trains for at most {MOST_EPOCHS} epochs; got {epochs:g}. The command line trains for "
            f"longer: firstlight train {name} --epochs {epochs:g}"
        )
    _trainer(studio).begin(Wish(recipe, check_seed(wished.get("seed", 0))))
    return {}


def resume(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Go on with a run that was cut off, ``{"run"}``."""
    from firstlight.recipes import Recipe
    from firstlight.studio._training_results import unfinished_runs
    from firstlight.training import resumable_run

    name = _fields(asked).get("run")
    if name not in [one["run"] for one in unfinished_runs()]:
        raise UsageError(
            f"There is no run {str(name)[:80]!r} to go on with: it is finished, or trained elsewhere."
        )
    folder, record, recipe = resumable_run(str(name))
    assert isinstance(recipe, Recipe), "only networks are offered"
    _trainer(studio).begin(Wish(recipe, record.seed, folder, record))
    return {}


def pause(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Stand still after this step."""
    _trainer(studio).pause()
    return {}


def go_on(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Go on after a pause."""
    _trainer(studio).go_on()
    return {}


def stop(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """End the training after this step."""
    _trainer(studio).stop()
    return {}


def weights(studio: Studio, asked: Asked) -> bytes:
    """Send the pictures of the first layer after a step: float32."""
    from firstlight.studio._answers import packed

    step = asked.query.get("step", "")
    if not (step.isascii() and step.isdigit() and len(step) < 12):
        raise UsageError(f"The step is a whole number; got {step[:40]!r}.")
    pictures, steps = _trainer(studio).weights(int(step))
    count, height, width = pictures.shape
    return packed({"count": count, "height": height, "width": width, "steps": steps}, pictures)


async def events(request: Request) -> Response:
    """Follow the training: what happened since ``Last-Event-ID``, or all of it, and whatever comes."""
    feed = _trainer(request.app.state.studio).feed
    return StreamingResponse(
        feed.follow(request.headers.get("last-event-id", "")),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


def _choice(recipe: AnyRecipe) -> dict[str, Any]:
    claim = next((one for one in recipe.claims if one.dataset == "mnist"), None)
    return {
        "name": recipe.name,
        "summary": recipe.summary,
        "epochs": recipe.settings["epochs"],
        "learning_rate": recipe.settings["optimizer"]["learning_rate"],
        "claim": None if claim is None else str(claim),
    }


def _fields(asked: Asked) -> dict[str, Any]:
    try:
        fields = json.loads(asked.body or b"{}")
    except ValueError as error:
        raise UsageError(f"What was sent is no JSON: {error}.") from error
    if not isinstance(fields, dict):
        raise UsageError(f"Send a JSON object; got a {type(fields).__name__}.")
    return fields


def _trainer(studio: Studio) -> Trainer:
    return studio.once("train/trainer", lambda: Trainer(studio))


PAGE = Page(
    name="train",
    title="Train",
    place=4,
    purpose="Watch a network learn: from noise to a reader of digits, in seconds.",
    routes=(
        api("train/choices", choices, method="GET"),
        api("train/start", start),
        api("train/resume", resume),
        api("train/pause", pause),
        api("train/go-on", go_on),
        api("train/stop", stop),
        api("train/weights", weights, method="GET"),
        Route("/api/train/events", events, methods=["GET"]),
    ),
)
