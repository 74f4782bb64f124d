"""Reports on what scikit-learn fitted at one stroke, which has no curve. Kind: behaviour."""

from __future__ import annotations

from pathlib import Path

from firstlight import load, train
from firstlight.evaluation import evaluate
from firstlight.reports import run_summary, write_run_page


def test_no_curve_is_drawn_where_there_is_none(tmp_path: Path) -> None:
    test = load("mnist")[1][:200]
    run = train("decision-tree", dataset=(load("mnist")[0][:300], test))
    assert run.test_logits is not None
    evaluation = evaluate(run.test_logits, test.labels)
    summary = run_summary(run, evaluation)
    assert "1 epoch," in summary
    assert "scikit-learn computes on the CPU" in summary
    assert "Loss" not in summary
    page = write_run_page(run, evaluation, test, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "DecisionTreeClassifier" in page
    assert 'aria-label="Loss"' not in page
    assert 'aria-label="Accuracy"' not in page
