"""Methods for which scikit-learn's implementation is the reference: greedy, random or iterative ones."""

from __future__ import annotations

from typing import Any

from firstlight.checks.references.estimators._estimator import EstimatorReference, Option

__all__ = ["PEERS"]

ITERATIONS = (
    "n_iter",
    "max_iter",
    "epochs",
    "n_epochs",
    "num_epochs",
    "iterations",
    "n_iters",
    "n_iterations",
)
TREES = Option(
    100,
    (
        "n_estimators",
        "n_trees",
        "num_trees",
        "trees",
        "ntrees",
        "B",
        "n_rounds",
        "T",
        "M",
        "n_learners",
        "n_clf",
    ),
)
DEPTH = Option(None, ("max_depth", "depth", "maximum_depth"))
LEAF = Option(1, ("min_samples_leaf", "min_leaf"))
SPLIT = Option(2, ("min_samples_split", "min_samples", "min_split", "min_size"))
CRITERION = Option(
    "gini",
    ("criterion", "impurity", "measure"),
    {"entropy": "entropy", "log_loss": "entropy", "information_gain": "entropy", "gini": "gini"},
    is_loose=True,
)
FEATURES = Option("sqrt", ("max_features", "n_features", "num_features", "mtry", "feature_subset"))
RATE = Option(0.1, ("learning_rate", "lr", "eta", "shrinkage"))
STRENGTH = Option(1.0, ("C", "c"))
CLUSTERS = Option(
    8, ("n_clusters", "k", "K", "n_components", "num_clusters", "clusters", "n_centroids", "n_centers")
)


def perceptron(**_: Any) -> Any:
    """Rosenblatt 1958."""
    from sklearn.linear_model import Perceptron

    return Perceptron(max_iter=50, tol=None, random_state=0)


def decision_tree(
    depth: int | None = None, leaf: int = 1, split: int = 2, criterion: str = "gini", **_: Any
) -> Any:
    """Breiman et al. 1984."""
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=leaf, min_samples_split=split, criterion=criterion, random_state=0
    )


def random_forest(trees: int = 100, depth: int | None = None, leaf: int = 1, split: int = 2, **_: Any) -> Any:
    """Breiman 2001."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        trees, max_depth=depth, min_samples_leaf=leaf, min_samples_split=split, random_state=0
    )


def extra_trees(trees: int = 100, depth: int | None = None, leaf: int = 1, split: int = 2, **_: Any) -> Any:
    """Geurts, Ernst & Wehenkel 2006."""
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(
        trees, max_depth=depth, min_samples_leaf=leaf, min_samples_split=split, random_state=0
    )


def svm(strength: float = 1.0, kernel: str = "rbf", **_: Any) -> Any:
    """Cortes & Vapnik 1995."""
    from sklearn.svm import SVC

    return SVC(C=strength, kernel=kernel)


def adaboost(trees: int = 50, rate: float = 1.0, **_: Any) -> Any:
    """Freund & Schapire 1997; Hastie et al. 2009 for several classes."""
    from sklearn.ensemble import AdaBoostClassifier

    return AdaBoostClassifier(n_estimators=trees, learning_rate=rate, random_state=0)


def gradient_boosting(trees: int = 100, rate: float = 0.1, depth: int | None = 3, **_: Any) -> Any:
    """Friedman 2001."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(n_estimators=trees, learning_rate=rate, max_depth=depth, random_state=0)


def mlp(**_: Any) -> Any:
    """Rumelhart, Hinton & Williams 1986."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((32,), max_iter=400, random_state=0)


def kmeans(clusters: int = 8, **_: Any) -> Any:
    """Lloyd 1982; k-means++: Arthur & Vassilvitskii 2007."""
    from sklearn.cluster import KMeans

    return KMeans(clusters, n_init=1, random_state=0)


def gmm(clusters: int = 1, **_: Any) -> Any:
    """Dempster, Laird & Rubin 1977."""
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(clusters, random_state=0)


def nmf(clusters: int | None = None, **_: Any) -> Any:
    """Lee & Seung 2001."""
    from sklearn.decomposition import NMF

    return NMF(clusters, random_state=0, max_iter=500)


TREE = {"depth": DEPTH, "leaf": LEAF, "split": SPLIT, "criterion": CRITERION}
KERNEL = Option("rbf", ("kernel",), {"linear": "linear", "rbf": "rbf", "gaussian": "rbf"})

PEERS = {
    reference.name: reference
    for reference in (
        EstimatorReference("perceptron", "classifier", "Rosenblatt 1958", peer=perceptron),
        EstimatorReference("decision-tree", "classifier", "Breiman 1984", peer=decision_tree, options=TREE),
        EstimatorReference(
            "random-forest",
            "classifier",
            "Breiman 2001",
            peer=random_forest,
            options={**TREE, "trees": TREES, "features": FEATURES},
        ),
        EstimatorReference(
            "extra-trees",
            "classifier",
            "Geurts et al. 2006",
            peer=extra_trees,
            options={**TREE, "trees": TREES, "features": FEATURES},
        ),
        EstimatorReference(
            "svm",
            "classifier",
            "Cortes & Vapnik 1995",
            peer=svm,
            options={"strength": STRENGTH, "kernel": KERNEL},
        ),
        EstimatorReference(
            "adaboost",
            "classifier",
            "Freund & Schapire 1997",
            peer=adaboost,
            options={"trees": TREES, "rate": RATE},
        ),
        EstimatorReference(
            "gradient-boosting",
            "classifier",
            "Friedman 2001",
            peer=gradient_boosting,
            options={"trees": TREES, "rate": RATE, "depth": DEPTH},
        ),
        EstimatorReference("mlp", "classifier", "Rumelhart et al. 1986", peer=mlp),
        EstimatorReference("kmeans", "clusterer", "Lloyd 1982", peer=kmeans, options={"clusters": CLUSTERS}),
        EstimatorReference(
            "gmm", "clusterer", "Dempster et al. 1977", peer=gmm, options={"clusters": CLUSTERS}
        ),
        EstimatorReference(
            "nmf",
            "transformer",
            "Lee & Seung 2001",
            peer=nmf,
            options={"clusters": CLUSTERS},
            values="counts",
        ),
    )
}
