"""One check for every network: do images of this size fit?"""

from __future__ import annotations

from firstlight._errors import UsageError

__all__ = ["check_shape"]


def check_shape(network: str, image_shape: tuple[int, int, int], classes: int, *, least: int) -> None:
    """Refuse images that leave nothing for the last layer to see, and fewer than two classes.

    Parameters
    ----------
    network
        Its name, for the message.
    image_shape, classes
        What it shall be made for.
    least
        Pixels that height and width need at least.

    Raises
    ------
    UsageError
        Says what is needed and what we got.
    """
    channels, height, width = image_shape
    if min(height, width) < least or channels < 1 or classes < 2:
        raise UsageError(
            f"{network} needs images of at least {least} x {least} pixels and two classes; got {channels} x "
            f"{height} x {width} and {classes} classes. Use another recipe, such as mlp, or larger images."
        )
