"""Bytes: where the files of the data sets come from. Knows no labels."""

from firstlight.sources._adopt import Adopted, adopt
from firstlight.sources._cifar import read_cifar
from firstlight.sources._events import (
    Decoded,
    Downloading,
    Found,
    Looking,
    OnEvent,
    Retrying,
    Skipped,
    SourceEvent,
    Verified,
    Waiting,
)
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._holdings import CachedFile, FileCheck, cached, get, remove, verify, where
from firstlight.sources._idx import read_idx
from firstlight.sources._obtain import member_origin, member_path
from firstlight.sources._registry import REGISTRY, data_files

__all__ = [
    "REGISTRY",
    "Adopted",
    "CachedFile",
    "DataFile",
    "Decoded",
    "Downloading",
    "FileCheck",
    "Found",
    "Looking",
    "Member",
    "OnEvent",
    "Origin",
    "Retrying",
    "Skipped",
    "SourceEvent",
    "Verified",
    "Waiting",
    "adopt",
    "cached",
    "data_files",
    "get",
    "member_origin",
    "member_path",
    "read_cifar",
    "read_idx",
    "remove",
    "verify",
    "where",
]
