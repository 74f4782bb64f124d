"""Data sets: images, labels and what they mean."""

from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._catalog import DatasetInfo, list_datasets
from firstlight.datasets._corrections import Corrections, Verdict, fingerprint, read_corrections
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._export import ExportFormat, export
from firstlight.datasets._imported import (
    ImportedFile,
    import_dataset,
    imported_files,
    imported_folder,
    imported_names,
    remove_imported,
)
from firstlight.datasets._load import load
from firstlight.datasets._members import dataset_classes, dataset_members, dataset_statistics
from firstlight.datasets._splits import canonical_indices, fold_indices, part_indices, stratified_order
from firstlight.datasets._statistics import Statistics, pixel_statistics
from firstlight.datasets._torch_view import TorchView
from firstlight.datasets._verified import LabelVerdict, verified_corrections

__all__ = [
    "Corrections",
    "DataCard",
    "DatasetInfo",
    "ExportFormat",
    "ImageDataset",
    "ImportedFile",
    "LabelVerdict",
    "Provenance",
    "Statistics",
    "TorchView",
    "Verdict",
    "canonical_indices",
    "dataset_classes",
    "dataset_members",
    "dataset_statistics",
    "export",
    "fingerprint",
    "fold_indices",
    "import_dataset",
    "imported_files",
    "imported_folder",
    "imported_names",
    "list_datasets",
    "load",
    "part_indices",
    "pixel_statistics",
    "read_corrections",
    "remove_imported",
    "stratified_order",
    "verified_corrections",
]
