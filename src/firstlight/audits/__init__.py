"""Labels that are probably wrong: found by networks that never saw them, ranked, and counted."""

from __future__ import annotations

from firstlight.audits._audit import audit
from firstlight.audits._duplicates import Duplicate, Member
from firstlight.audits._events import AuditEvent, AuditStarted, JudgeDone, JudgeStarted, JudgeStep, Looking
from firstlight.audits._outliers import Outlier
from firstlight.audits._page import review_page, write_review_page
from firstlight.audits._picture import audit_picture, save_audit_picture
from firstlight.audits._report import AmbiguousImage, AuditInterrupted, AuditReport, Neighbour, Suspect
from firstlight.audits._scores import LabelScores, confident_learning, normalised_margin, self_confidence

__all__ = [
    "AmbiguousImage",
    "AuditEvent",
    "AuditInterrupted",
    "AuditReport",
    "AuditStarted",
    "Duplicate",
    "JudgeDone",
    "JudgeStarted",
    "JudgeStep",
    "LabelScores",
    "Looking",
    "Member",
    "Neighbour",
    "Outlier",
    "Suspect",
    "audit",
    "audit_picture",
    "confident_learning",
    "normalised_margin",
    "review_page",
    "save_audit_picture",
    "self_confidence",
    "write_review_page",
]
