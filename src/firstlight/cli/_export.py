"""`firstlight export`: a run's network as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command
from firstlight.cli._run_data import DatasetOption, run_data

__all__ = ["export"]


def export(
    name: Annotated[str, typer.Argument(metavar="RUN", help="A run: its name, its folder, or `last`.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Ends with .onnx, or .pt2 for torch.export.")],
    dataset: DatasetOption = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write a run's network for other programs, once it is checked.

    The file takes float32 images [batch, channels, height, width] with pixels from 0 to 1, and gives logits;
    normalising is part of it. ONNX needs the extra `onnx`, and is checked in onnxruntime.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.deployment import export_network
        from firstlight.training import load_run

        run = load_run(name)
        _, test = run_data(out, run, dataset)
        out.say("Exporting and checking takes some ten seconds.")
        done = export_network(run.model, path, images=test)
        out.print(
            f"{done.path}: {done.format}, {done.path.stat().st_size:,} bytes",
            f"Checked on {done.images} test images: no logit differs by more than "
            f"{done.largest_difference:.1g}.",
            f"In: images, float32 [batch, {', '.join(map(str, test.image_shape))}], pixels from 0 to 1.",
            f"Out: logits, float32 [batch, {len(test.classes)}].",
        )
        fields = done._asdict() | {"size_bytes": done.path.stat().st_size, "run_dir": run.folder}
        out.result({**fields, "classes": list(test.classes), "image_shape": list(test.image_shape)})
