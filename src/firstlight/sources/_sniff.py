"""What bytes look like, for messages that say more than "not an IDX file"."""

from __future__ import annotations

__all__ = ["describe_bytes"]

# First bytes, what they mean, and what cures it.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "this is gzip: decompress it first"),
    (b"BZh", "this is bzip2: decompress it first"),
    (b"\xfd7zXZ\x00", "this is xz: decompress it first"),
    (b"PAR1", "this is a Parquet file: use `firstlight data import`"),
    (b"PK\x03\x04", "this is a zip or NPZ file: unpack it, or use `firstlight data import`"),
    (b"\x93NUMPY", "this is a NumPy .npy file: load it with numpy.load"),
    (b"\x89PNG", "this is a PNG picture: use `firstlight data import` on its folder"),
    (b"\xff\xd8\xff", "this is a JPEG picture: use `firstlight data import` on its folder"),
    (b"version https://git-lfs", "this is a Git LFS pointer, not the file: run `git lfs pull`"),
    (b"\x80\x02", "this is a Python pickle, which can run code and is never opened"),
    (b"\x80\x04", "this is a Python pickle, which can run code and is never opened"),
)


def describe_bytes(start: bytes) -> str:
    """Say in words what a file is that begins with these bytes, and what to do with it.

    Parameters
    ----------
    start
        The first bytes of the file; 64 are enough.

    Examples
    --------
    >>> describe_bytes(b"<!DOCTYPE html>")
    'this is HTML, a web page that came instead of the data: download the file again'
    """
    if not start:
        return "the file is empty"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        return "this is HTML, a web page that came instead of the data: download the file again"
    for signature, meaning in SIGNATURES:
        if start.startswith(signature):
            return meaning
    return f"the file begins with {start[:4].hex(' ')}"
