"""`firstlight train list`: every recipe on a line, with what it was measured to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstlight.cli._output import Output
    from firstlight.recipes import AnyRecipe

__all__ = ["print_recipes"]


def print_recipes(out: Output) -> None:
    """Print the ladder of recipes."""
    from firstlight.cli._columns import aligned
    from firstlight.recipes import RECIPES

    recipes = list(RECIPES.values())
    head = ("recipe", "data set", "accuracy", "seeds", "training", "what")
    lines = aligned([head, *(row for recipe in recipes for row in _rows(recipe))], numbers=[3, 4])
    width = out.stdout.width if out.stdout.is_terminal else None
    out.print("\n".join(_cut(line, width) for line in lines.splitlines()), "")
    for place in sorted({f"{claim.machine}, {claim.versions}" for each in recipes for claim in each.claims}):
        out.print(f"Mean and standard deviation of the test accuracy over seeds, on {place}.")
    out.result(
        {
            "recipes": [
                {
                    "name": recipe.name,
                    "summary": recipe.summary,
                    "settings": recipe.settings,
                    "claims": [vars(claim) for claim in recipe.claims],
                }
                for recipe in recipes
            ]
        }
    )


def _rows(recipe: AnyRecipe) -> list[tuple[str, ...]]:
    """Return a row for each claim; only the first says whose they are."""
    rows: list[tuple[str, ...]] = []
    for claim in recipe.claims:
        name, summary = ("", "") if rows else (recipe.name, recipe.summary)
        accuracy = f"{claim.accuracy_percent:.2f} ± {claim.sd_percent:.2f} %"
        rows.append((name, claim.dataset, accuracy, str(claim.seeds), _spoken(claim.train_seconds), summary))
    return rows or [(recipe.name, "", "", "", "", recipe.summary)]


def _spoken(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 3].rstrip()}..."
