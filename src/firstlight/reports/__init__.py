"""Reports: pictures, tables and pages of results; they compute nothing."""

from __future__ import annotations

from firstlight.reports._halfblocks import half_blocks
from firstlight.reports._run_page import run_page, write_run_page
from firstlight.reports._run_terminal import (
    confusion_table,
    data_preview,
    epoch_line,
    mixup_drawing,
    run_summary,
)
from firstlight.reports._sheet import contact_sheet, save_sheet

__all__ = [
    "confusion_table",
    "contact_sheet",
    "data_preview",
    "epoch_line",
    "half_blocks",
    "mixup_drawing",
    "run_page",
    "run_summary",
    "save_sheet",
    "write_run_page",
]
