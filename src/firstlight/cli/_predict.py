"""`firstlight predict`: read the digits of any picture, and show how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight._errors import FirstlightError
    from firstlight.prediction import Prediction, ReadDigit, Reader

__all__ = ["predict"]

SURE = 0.9  # below, the second guess is told too


def predict(
    pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="PNG, JPEG and the like.")],
    run: Annotated[
        str | None, typer.Option(help="Let this run read; the default is the network in the package.")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Draw what was done to each picture.")] = False,
    steps_out: Annotated[
        Path | None, typer.Option("--steps-out", metavar="FILE.png", help="Write the steps as a picture.")
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Read the digits in pictures: photos, screenshots, drawings.

    Any size, any colours, dark on light or light on dark; several digits are read line by line. A picture
    that cannot be read does not keep the others from being read; the exit code is then that of its error.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.prediction import load_reader

        reader = load_reader(run)
        keep_steps = steps or steps_out is not None
        answers = [_answer(path, reader, steps=keep_steps) for path in pictures]
        sheet = _saved(steps_out, [answer for answer in answers if not isinstance(answer, Exception)])
        for path, answer in zip(pictures, answers, strict=True):
            _tell(out, path, answer, steps=steps)
        if sheet:
            out.say(f"Saved {sheet}")
        fields = [_fields(path, answer) for path, answer in zip(pictures, answers, strict=True)]
        model = {"model": reader.name, "is_calibrated": reader.is_calibrated, "steps_path": sheet}
        out.result({**model, "predictions": fields})
        codes = [answer.exit_code for answer in answers if isinstance(answer, Exception)]
        if codes:
            raise typer.Exit(max(codes))


def _answer(path: Path, reader: Reader, *, steps: bool) -> Prediction | FirstlightError:
    """Read one picture, or return why that cannot be."""
    from firstlight._errors import FirstlightError
    from firstlight.prediction import predict

    try:
        return predict(path, run=reader, steps=steps)
    except FirstlightError as error:
        return error


def _tell(out: Output, path: Path, answer: Prediction | FirstlightError, *, steps: bool) -> None:
    if isinstance(answer, Exception):
        typer.echo(f"Error: {answer}", err=True)
        return
    read = "  ".join(map(_spoken, answer.digits)) or "no digit found"
    out.print(f"{path}: {answer.text}" if len(answer.digits) > 1 else f"{path}:", f"  {read}")
    if steps and not out.json:
        from firstlight.cli._run_result import canvas
        from firstlight.reports import half_blocks, step_tiles

        images, captions = step_tiles(answer.steps, [digit.label for digit in answer.digits])
        out.print(f"  {answer.done}", half_blocks(images, captions, **canvas(out)))
    for warning in answer.warnings:
        out.print(f"  ! {warning}")


def _spoken(digit: ReadDigit) -> str:
    first, second = digit.ranked()[:2]
    doubt = f", or {second[0]} ({100 * second[1]:.1f} %)" if first[1] < SURE else ""
    return f"{first[0]} ({100 * first[1]:.1f} %){doubt}"


def _saved(path: Path | None, answers: list[Prediction]) -> Path | None:
    """Write one row of steps for each picture."""
    if path is None or not answers:
        return None
    from firstlight.reports import save_steps

    return save_steps(path, [(answer.steps, [digit.label for digit in answer.digits]) for answer in answers])


def _fields(path: Path, answer: Prediction | FirstlightError) -> dict[str, Any]:
    if isinstance(answer, Exception):
        error = {"type": type(answer).__name__, "message": str(answer)}
        return {"path": path, "digits": [], "warnings": [], "error": error}
    digits = [
        {
            "label": digit.label,
            "probability": digit.probability,
            "probabilities": digit.probabilities,
            "box": list(digit.box),
        }
        for digit in answer.digits
    ]
    return {
        "path": path,
        "text": answer.text,
        "digits": digits,
        "warnings": list(answer.warnings),
        "size": list(answer.size),
        "done": answer.done,
    }
