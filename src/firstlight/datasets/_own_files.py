"""From a path of your own to its splits: which reader is meant."""

from __future__ import annotations

from pathlib import Path

from firstlight._errors import DataMissingError, UsageError
from firstlight.datasets._arrays import holds_idx, read_idx_folder, read_npz
from firstlight.datasets._folder import read_folder
from firstlight.datasets._parquet import holds_parquet, read_parquet
from firstlight.datasets._raw import OnProgress, RawSplit

__all__ = ["read_own"]


def read_own(
    path: str | Path,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_progress: OnProgress = None,
) -> dict[str, RawSplit]:
    """Read your own data: ``.npz``, ``.parquet``, or a folder of IDX files, of Parquet files or of pictures.

    Parameters
    ----------
    path
        A file or a folder.
    size, channels, on_progress
        As for `read_folder`; arrays (NPZ, IDX) are taken as they are.

    Returns
    -------
    dict
        ``"train"`` and ``"test"``, or one split of another name.

    Raises
    ------
    DataMissingError
        There is nothing at the path, or nothing in it.
    DataCorruptError
        It cannot be read.
    UsageError
        It is of no kind that is read, or ``size`` or ``channels`` were given for arrays.
    """
    root = Path(path).expanduser()
    if not root.exists():
        raise DataMissingError(f"There is no data set and no file or folder of the name {path}.")
    is_folder = root.is_dir()
    if root.suffix.lower() == ".parquet" or (is_folder and holds_parquet(root)):
        return read_parquet(root, size=size, channels=channels, on_progress=on_progress)
    if is_folder and not holds_idx(root):
        return read_folder(root, size=size, channels=channels, on_progress=on_progress)
    if size is not None or channels is not None:
        raise UsageError(f"{root} holds arrays, not pictures; leave size and channels out.")
    if is_folder:
        return read_idx_folder(root)
    if root.suffix.lower() == ".npz":
        return read_npz(root)
    raise UsageError(
        f"{root} is not a kind of file that is read. Give an .npz or .parquet file, a folder with IDX files "
        "(train-images-idx3-ubyte and so on), or a folder of pictures by class."
    )
