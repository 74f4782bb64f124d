"""Reports: pictures, tables and pages of results; they compute nothing."""

from __future__ import annotations

from firstlight.reports._halfblocks import half_blocks
from firstlight.reports._sheet import contact_sheet, save_sheet

__all__ = ["contact_sheet", "half_blocks", "save_sheet"]
