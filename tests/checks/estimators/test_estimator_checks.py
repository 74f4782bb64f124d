"""Behaviour: each check passes a right implementation and fails a wrong one, with the family that it is.

The implementations are those of the bank, each beside its twin; odd ones are written here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import TargetError, UsageError
from firstlight.checks import check

BANK = Path(__file__).parents[3] / "benchmarks/bugbank/estimator"

# Each id that fails, by the file of the bank that shows it.
SHOWN = {
    "K1": None,
    "K2": "gaussian_nb_weights_in_means_only",
    "K3": "logistic_numbers_for_names",
    "K4": "knn_factor_two_missing",
    "K5": "tree_last_feature_unseen",
    "K6": "gaussian_nb_without_floor",
    "K7": "knn_whole_numbers",
    "K8": "boosting_keeps_old_trees",
    "K10": "forest_first_features_only",
    "K12": "boosting_uphill",
    "K14": "pca_fit_transform_uncentred",
    "K15": "scaler_of_the_test_rows",
    "K16": "forest_seed_forgotten",
    "K17": "tree_depth_ignored",
    "K21": "boosting_shrinks_twice",
    "K22": "scaler_writes_into_rows",
    "K23": "kmeans_absolute_differences",
    "K24": "gmm_covariance_over_all_rows",
    "K25": "mlp_without_activation",
}


def entry_of(path: Path) -> dict:
    body = ast.parse(path.read_text()).body
    return next(
        ast.literal_eval(one.value)
        for one in body
        if isinstance(one, ast.Assign) and one.targets[0].id == "ENTRY"
    )


def asked(path: Path):
    entry = entry_of(path)
    return check(
        f"{path}:{entry['target']}",
        kind="estimator",
        like=entry["like"],
        args=entry["args"],
        declares=entry["declares"],
        isolated=False,
        quick=True,
    ), entry


@pytest.mark.parametrize(("check_id", "name"), [(check_id, name) for check_id, name in SHOWN.items() if name])
def test_wrong_one_fails_where_it_is_wrong(check_id, name):
    report, entry = asked(BANK / f"{name}.py")
    assert report.verdict == "FAIL"
    assert check_id in {failure.id for failure in report.failures}
    assert report.diagnosis.family in {entry["family"], *entry["also"]}


@pytest.mark.parametrize(
    "name", ["knn", "gaussian_nb", "gradient_boosting", "kmeans", "gmm", "pca", "scaler", "mlp"]
)
def test_right_twin_passes(name):
    report, _ = asked(BANK / f"right_{name}.py")
    assert report.verdict == "PASS", str(report)


class Same:
    """Answers one class, whatever it is asked."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


class Column(Same):
    """Adds a column to a row."""

    def predict(self, X):
        return np.zeros((len(X), 1), dtype=int) + np.zeros(len(X), dtype=int)


class Breaks(Same):
    """Knows no rows at all."""

    def fit(self, X, y):
        raise IndexError("list index out of range")


class TwoOnly:
    """Labels -1 and 1."""

    def fit(self, X, y):
        self.w = np.linalg.lstsq(np.c_[X, np.ones(len(X))], y, rcond=None)[0]

    def predict(self, X):
        return np.sign(np.c_[X, np.ones(len(X))] @ self.w)


def test_one_that_learns_nothing_has_no_capacity():
    report = check(Same, kind="estimator", isolated=False, quick=True)
    assert report.diagnosis.family == "capacity"


def test_one_that_adds_a_column_to_a_row_has_the_wrong_shape():
    report = check(Column, kind="estimator", isolated=False, quick=True)
    assert (report.failures[0].id, report.diagnosis.family) == ("K1", "shape")
    assert "column and a row" in report.diagnosis.sentence


def test_one_that_breaks_says_where():
    report = check(Breaks, kind="estimator", isolated=False, quick=True)
    assert "list index out of range" in report.failures[0].seen
    assert "in fit" in report.failures[0].where
    assert {result.status for result in report.checks[1:]} == {"skip"}


def test_one_for_two_classes_with_signs_passes():
    assert check(TwoOnly, kind="estimator", isolated=False, quick=True).verdict == "PASS"


@pytest.mark.parametrize(
    ("target", "like", "args"),
    [
        ("sklearn.neighbors:KNeighborsClassifier", "knn", {"metric": "manhattan"}),
        ("sklearn.naive_bayes:GaussianNB", "gaussian-nb", {}),
        ("sklearn.naive_bayes:GaussianNB", "gaussian-nb", {"priors": [0.1, 0.2, 0.7]}),
        ("sklearn.linear_model:LogisticRegression", "logistic", {"C": 0.1}),
        ("sklearn.linear_model:Ridge", "ridge", {"alpha": 3.0}),
        ("sklearn.tree:DecisionTreeClassifier", "decision-tree", {}),
        ("sklearn.dummy:DummyClassifier", None, {}),
        ("sklearn.isotonic:IsotonicRegression", None, {}),
        ("sklearn.preprocessing:LabelEncoder", None, {}),
        ("sklearn.cluster:DBSCAN", None, {}),
        ("sklearn.preprocessing:PolynomialFeatures", None, {}),
    ],
)
def test_scikit_learns_never_fail(target, like, args):
    assert check(target, kind="estimator", like=like, args=args, isolated=False, quick=True).verdict != "FAIL"


def test_an_instance_is_copied_and_stays_as_it_is():
    from sklearn.neighbors import KNeighborsClassifier

    target = KNeighborsClassifier(3)
    report = check(target, like="knn", isolated=False, quick=True)
    assert report.verdict == "PASS"
    assert not hasattr(target, "classes_")


def test_its_verdict_is_the_same_each_time():
    path = BANK / "forest_of_one_tree.py"
    first, second = (asked(path)[0] for _ in range(2))
    assert [(c.id, c.status, c.seen) for c in first.checks] == [
        (c.id, c.status, c.seen) for c in second.checks
    ]


def test_unknown_declaration_names_the_known_ones():
    with pytest.raises(UsageError, match="Known: role"):
        check(Same, kind="estimator", declares={"colour": "red"}, isolated=False)


def test_unknown_role_names_the_known_ones():
    with pytest.raises(UsageError, match="role is one of classifier"):
        check(Same, kind="estimator", declares={"role": "oracle"}, isolated=False)


def test_what_cannot_be_fitted_is_no_estimator():
    with pytest.raises(TargetError, match="no method fit"):
        check(dict, kind="estimator", isolated=False)
