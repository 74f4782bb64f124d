"""`firstlight bands`: how accurate standard algorithms are, and where an accuracy stands among them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firstlight.evaluation import Band, Standing

__all__ = ["bands", "fraction"]

ONE_HEAD = ("training images", "runs", "mean", "sd", "worst", "best", "19 of 20 new runs", "on one core")
ALL_HEAD = ("algorithm", "mean", "19 of 20 new runs", "yours")


def bands(
    algorithm: Annotated[
        str | None, typer.Argument(help="Such as linear, knn or mlp; or only an accuracy, for all of them.")
    ] = None,
    accuracy: Annotated[
        str | None, typer.Argument(help="Yours: 97.0 or 97% in percent, 0.97 as a fraction.")
    ] = None,
    train_size: Annotated[int, typer.Option(help="How many images it was trained on.")] = 60_000,
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="On which data set.")] = "mnist",
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Tell how accurate standard algorithms are, and whether yours is.

    Without arguments: all of them. With an algorithm: each of its bands. With an accuracy too: where that
    stands. A number up to 1 is a fraction, so 1 is 100 %; a larger one, or one with %, is in percent.
    """
    with command(json=json, quiet=quiet) as out:
        if algorithm is not None and accuracy is None and _is_number(algorithm):
            _place(out, fraction(algorithm), train_size, dataset)
        elif algorithm is None:
            _table(out, dataset)
        elif accuracy is None:
            _one(out, algorithm, dataset)
        else:
            _stand(out, algorithm, fraction(accuracy), train_size, dataset)


def fraction(text: str) -> float:
    """Return the accuracy that somebody typed, as a fraction.

    Raises
    ------
    UsageError
        It is no number, or lies outside 0 to 100 %.

    Examples
    --------
    >>> fraction("97.0"), fraction("0.97"), fraction("0.5%"), fraction("1")
    (0.97, 0.97, 0.005, 1.0)
    """
    from firstlight._errors import UsageError

    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        number = float("nan")
    is_percent = text.strip().endswith("%") or number > 1
    # Rounded, since 97.05 / 100 is not quite 0.9705.
    value = round(number / 100, 12) if is_percent else number
    if not 0 <= value <= 1:
        raise UsageError(f"An accuracy is 97.0 or 97% in percent, or 0.97 as a fraction; got {text!r}.")
    return value


def _is_number(text: str) -> bool:
    try:
        float(text.strip().removesuffix("%"))
    except ValueError:
        return False
    return True


def _table(out: Output, dataset: str) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.evaluation import bands

    found = bands(dataset=dataset)
    sizes = sorted({band.train_size for band in found})
    cells = {(band.algorithm, band.train_size): _cell(band) for band in found}
    names = dict.fromkeys(band.algorithm for band in found)
    rows = [(name, *(cells.get((name, size), "") for size in sizes)) for name in names]
    head = ("", *(f"{size:,}" for size in sizes))
    out.print(
        f"Test accuracy on {found[0].dataset} in percent: mean and spread over runs, by training images", "",
        aligned([head, *rows], numbers=range(1, len(head))), "",
        "One number alone: the algorithm draws nothing and had all images, so every right program gets it.",
    )  # fmt: skip
    out.say("", "Where does yours stand? firstlight bands ALGORITHM 97.0")
    out.result({"dataset": found[0].dataset, "bands": [_fields(band) for band in found]})


def _cell(band: Band) -> str:
    spread = " " * 7 if band.is_fixed else f" ± {100 * band.sd:.2f}"
    return f"{100 * band.mean:.2f}{spread}"


def _one(out: Output, algorithm: str, dataset: str) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.evaluation import bands

    found = bands(algorithm, dataset=dataset)
    rows = [_row(band) for band in found]
    out.print(f"{found[0].algorithm} on {found[0].dataset}: {found[0].summary}", "")
    out.print(aligned([ONE_HEAD, *rows], numbers=range(len(ONE_HEAD))))
    out.result({"dataset": found[0].dataset, "bands": [_fields(band) for band in found]})


def _row(band: Band) -> Sequence[str]:
    low, high = band.interval()
    assert band.min is not None, "a measured band has runs"
    assert band.max is not None, "a measured band has runs"
    seconds = "" if band.cpu_seconds is None else f"{band.cpu_seconds:.1f} s"
    numbers = (band.mean, band.sd, band.min, band.max)
    expected = f"{100 * low:.2f} to {100 * high:.2f}"
    return (f"{band.train_size:,}", str(band.seeds), *(f"{100 * x:.2f}" for x in numbers), expected, seconds)


def _stand(out: Output, algorithm: str, accuracy: float, train_size: int, dataset: str) -> None:
    from firstlight.evaluation import standing

    found = standing(algorithm, accuracy, train_size=train_size, dataset=dataset)
    out.print(str(found), "", f"Measured: {found.band.summary}")
    out.result(_standing_fields(found))


def _place(out: Output, accuracy: float, train_size: int, dataset: str) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.evaluation import standings

    found = standings(accuracy, train_size=train_size, dataset=dataset)
    rows = []
    for one in found:
        low, high = one.band.interval()
        mean, expected = f"{100 * one.band.mean:.2f} %", f"{100 * low:.2f} to {100 * high:.2f} %"
        rows.append((one.band.algorithm, mean, expected, one.verdict))
    out.print(
        f"{100 * accuracy:.2f} % on {train_size:,} images of {dataset}, against each algorithm's band", ""
    )
    out.print(aligned([ALL_HEAD, *rows], numbers=[1, 2]))
    out.result(
        {
            "accuracy": accuracy,
            "train_size": train_size,
            "dataset": dataset,
            "standings": [_standing_fields(one) for one in found],
        }
    )


def _standing_fields(found: Standing) -> dict[str, Any]:
    return {
        "algorithm": found.band.algorithm,
        "accuracy": found.accuracy,
        "verdict": found.verdict,
        "chance": found.chance,
        "sentence": str(found),
        "band": _fields(found.band),
    }


def _fields(band: Band) -> dict[str, Any]:
    return asdict(band) | {"interval": list(band.interval())}
