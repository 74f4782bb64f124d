"""Data sets: images, labels and what they mean."""

from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._catalog import DatasetInfo, list_datasets
from firstlight.datasets._corrections import LabelVerdict, verified_corrections
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

__all__ = [
    "DataCard",
    "DatasetInfo",
    "ExportFormat",
    "ImageDataset",
    "ImportedFile",
    "LabelVerdict",
    "Provenance",
    "Statistics",
    "TorchView",
    "canonical_indices",
    "dataset_classes",
    "dataset_members",
    "dataset_statistics",
    "export",
    "fold_indices",
    "import_dataset",
    "imported_files",
    "imported_folder",
    "imported_names",
    "list_datasets",
    "load",
    "part_indices",
    "pixel_statistics",
    "remove_imported",
    "stratified_order",
    "verified_corrections",
]
