"""Right estimators: scikit-learn's across their options, and small ones in other people's styles."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

HERE = "benchmarks/healthybank/estimator.py"


class LoopKNN:
    """Loops, tuples and a counter; labels of any kind."""

    def __init__(self, k=3):
        self.k = k

    def fit(self, X, y):
        self.rows = list(zip(X, y))

    def predict(self, X):
        answers = []
        for x in X:
            near = sorted(self.rows, key=lambda row: np.linalg.norm(x - row[0]))[: self.k]
            answers.append(Counter(label for _, label in near).most_common(1)[0][0])
        return np.array(answers)


class MatrixKNN:
    """One large matrix of squared distances; a float32 copy of the rows."""

    def __init__(self, n_neighbors=5, weights="uniform"):
        self.n_neighbors = n_neighbors
        self.weights = weights

    def fit(self, X, y):
        self.X_ = np.asarray(X, dtype=np.float32)
        self.classes_, self.y_ = np.unique(y, return_inverse=True)
        return self

    def predict_proba(self, X):
        X = np.asarray(X, dtype=np.float32)
        square = (X**2).sum(1)[:, None] - 2 * X @ self.X_.T + (self.X_**2).sum(1)[None]
        near = np.argpartition(square, self.n_neighbors - 1, axis=1)[:, : self.n_neighbors]
        share = np.ones(near.shape)
        if self.weights == "distance":
            share = 1 / (np.sqrt(np.maximum(np.take_along_axis(square, near, 1), 0)) + 1e-8)
        votes = np.stack([(share * (self.y_[near] == c)).sum(1) for c in range(len(self.classes_))], 1)
        return votes / votes.sum(1, keepdims=True)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(1)]


class TextbookGaussianNB:
    """Dictionaries by class, unbiased variances, a floor of 1e-9."""

    def fit(self, X, y):
        self.parts = {}
        for c in np.unique(y):
            rows = X[y == c]
            self.parts[c] = (rows.mean(0), rows.var(0, ddof=1) + 1e-9, len(rows) / len(X))
        return self

    def _score(self, x, part):
        mean, var, prior = part
        return np.log(prior) - 0.5 * np.sum(np.log(2 * np.pi * var)) - 0.5 * np.sum((x - mean) ** 2 / var)

    def predict(self, X):
        return np.array([max(self.parts, key=lambda c: self._score(x, self.parts[c])) for x in X])


class NumpyRidge:
    """The normal equations, with columns centred first."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        middle, height = X.mean(0), y.mean()
        centred = X - middle
        self.coef = np.linalg.solve(
            centred.T @ centred + self.alpha * np.eye(X.shape[1]), centred.T @ (y - height)
        )
        self.bias = height - middle @ self.coef

    def predict(self, X):
        return X @ self.coef + self.bias


class MeanLossRidge:
    """Gradient descent on the mean of squares; no penalty on the bias."""

    def __init__(self, lam=0.1, lr=0.05, n_iters=4000):
        self.lam, self.lr, self.n_iters = lam, lr, n_iters

    def fit(self, X, y):
        self.w, self.b = np.zeros(X.shape[1]), 0.0
        for _ in range(self.n_iters):
            error = X @ self.w + self.b - y
            self.w -= self.lr * (2 * X.T @ error / len(X) + 2 * self.lam * self.w)
            self.b -= self.lr * 2 * error.mean()
        return self

    def predict(self, X):
        return X @ self.w + self.b


class BinaryLogistic:
    """The two-class classic of every course: zeros and ones, gradient descent, a threshold."""

    def __init__(self, lr=0.1, n_iters=1000):
        self.lr = lr
        self.n_iters = n_iters
        self.weights = None
        self.bias = None

    def fit(self, X, y):
        n_samples, n_features = X.shape
        self.weights = np.zeros(n_features)
        self.bias = 0
        for _ in range(self.n_iters):
            y_predicted = 1 / (1 + np.exp(-(np.dot(X, self.weights) + self.bias)))
            self.weights -= self.lr * np.dot(X.T, (y_predicted - y)) / n_samples
            self.bias -= self.lr * np.sum(y_predicted - y) / n_samples

    def predict(self, X):
        y_predicted = 1 / (1 + np.exp(-(np.dot(X, self.weights) + self.bias)))
        return [1 if i > 0.5 else 0 for i in y_predicted]


class SoftmaxRegression:
    """Labels 0 .. k-1 only; one-hot inside; mean loss with an L2 penalty on the weights."""

    def __init__(self, lr=0.5, epochs=3000, l2=0.001):
        self.lr, self.epochs, self.l2 = lr, epochs, l2

    def fit(self, X, y):
        k = int(y.max()) + 1
        onehot = np.eye(k)[y]
        self.W, self.b = np.zeros((X.shape[1], k)), np.zeros(k)
        for _ in range(self.epochs):
            error = (self.predict_proba(X) - onehot) / len(X)
            self.W -= self.lr * (X.T @ error + self.l2 * self.W)
            self.b -= self.lr * error.sum(0)
        return self

    def predict_proba(self, X):
        z = X @ self.W + self.b
        e = np.exp(z - z.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def predict(self, X):
        return self.predict_proba(X).argmax(1)


class SignPerceptron:
    """Labels -1 and 1."""

    def __init__(self, learning_rate=0.01, n_iter=50, random_state=1):
        self.learning_rate, self.n_iter, self.random_state = learning_rate, n_iter, random_state

    def fit(self, X, y):
        rgen = np.random.RandomState(self.random_state)
        self.w_ = rgen.normal(scale=0.01, size=X.shape[1])
        self.b_ = 0.0
        for _ in range(self.n_iter):
            for xi, target in zip(X, y):
                update = self.learning_rate * (target - self.predict(xi))
                self.w_ += update * xi
                self.b_ += update
        return self

    def predict(self, X):
        return np.where(X @ self.w_ + self.b_ >= 0.0, 1, -1)


class PegasosSVM:
    """Hinge loss by subgradients, signs as labels."""

    def __init__(self, lambda_param=0.01, n_iters=300, learning_rate=0.01):
        self.lambda_param, self.n_iters, self.learning_rate = lambda_param, n_iters, learning_rate

    def fit(self, X, y):
        signs = np.where(y <= 0, -1, 1)
        self.w, self.b = np.zeros(X.shape[1]), 0.0
        for _ in range(self.n_iters):
            for x, s in zip(X, signs):
                if s * (x @ self.w - self.b) >= 1:
                    self.w -= self.learning_rate * 2 * self.lambda_param * self.w
                else:
                    self.w -= self.learning_rate * (2 * self.lambda_param * self.w - s * x)
                    self.b -= self.learning_rate * s

    def predict(self, X):
        return np.sign(X @ self.w - self.b)


class Node:
    def __init__(self, feature=None, threshold=None, left=None, right=None, value=None):
        self.feature, self.threshold, self.left, self.right, self.value = (
            feature,
            threshold,
            left,
            right,
            value,
        )


class ScratchTree:
    """Entropy, thresholds at the values themselves, labels by bincount."""

    def __init__(self, min_samples_split=2, max_depth=100, n_features=None, seed=None):
        self.min_samples_split, self.max_depth, self.n_features, self.seed = (
            min_samples_split,
            max_depth,
            n_features,
            seed,
        )

    def fit(self, X, y):
        self._random = np.random.default_rng(self.seed)
        self._many = min(self.n_features or X.shape[1], X.shape[1])
        self.root = self._grow(X, y, 0)

    def _entropy(self, y):
        shares = np.bincount(y) / len(y)
        return -np.sum([p * np.log(p) for p in shares if p > 0])

    def _grow(self, X, y, depth):
        if depth >= self.max_depth or len(np.unique(y)) == 1 or len(y) < self.min_samples_split:
            return Node(value=np.bincount(y).argmax())
        best, split = 1e-12, None
        for feature in self._random.choice(X.shape[1], self._many, replace=False):
            for threshold in np.unique(X[:, feature])[:-1]:
                left = X[:, feature] <= threshold
                after = left.mean() * self._entropy(y[left]) + (~left).mean() * self._entropy(y[~left])
                if self._entropy(y) - after > best:
                    best, split = self._entropy(y) - after, (feature, threshold)
        if split is None:
            return Node(value=np.bincount(y).argmax())
        left = X[:, split[0]] <= split[1]
        return Node(
            *split, self._grow(X[left], y[left], depth + 1), self._grow(X[~left], y[~left], depth + 1)
        )

    def _walk(self, x, node):
        while node.value is None:
            node = node.left if x[node.feature] <= node.threshold else node.right
        return node.value

    def predict(self, X):
        return np.array([self._walk(x, self.root) for x in X])


class ScratchForest:
    """Bootstrap rows, features anew at each split, a majority of trees."""

    def __init__(self, n_trees=8, max_depth=12, min_samples_split=2, n_features=None, seed=0):
        self.n_trees, self.max_depth, self.min_samples_split = n_trees, max_depth, min_samples_split
        self.n_features, self.seed = n_features, seed

    def fit(self, X, y):
        random = np.random.default_rng(self.seed)
        self.trees = []
        many = self.n_features or max(1, int(np.sqrt(X.shape[1])))
        for _ in range(self.n_trees):
            tree = ScratchTree(self.min_samples_split, self.max_depth, many, seed=random.integers(2**31))
            rows = random.choice(len(X), len(X), replace=True)
            tree.fit(X[rows], y[rows])
            self.trees.append(tree)

    def predict(self, X):
        votes = np.array([tree.predict(X) for tree in self.trees]).T
        return np.array([Counter(row).most_common(1)[0][0] for row in votes])


class BoostedStumps:
    """Least-squares boosting of scikit-learn's stumps."""

    def __init__(self, n_estimators=50, learning_rate=0.1, max_depth=2):
        self.n_estimators, self.learning_rate, self.max_depth = n_estimators, learning_rate, max_depth

    def fit(self, X, y):
        from sklearn.tree import DecisionTreeRegressor

        self.start, self.trees = y.mean(), []
        left = y - self.start
        for _ in range(self.n_estimators):
            tree = DecisionTreeRegressor(max_depth=self.max_depth, random_state=0).fit(X, left)
            left = left - self.learning_rate * tree.predict(X)
            self.trees.append(tree)
        return self

    def predict(self, X):
        return self.start + self.learning_rate * sum(tree.predict(X) for tree in self.trees)


class SignAdaBoost:
    """The classic for two classes, labels -1 and 1, stumps that minimise the weighted error."""

    def __init__(self, n_clf=10):
        self.n_clf = n_clf

    def fit(self, X, y):
        n = len(X)
        w = np.full(n, 1 / n)
        self.clfs = []
        for _ in range(self.n_clf):
            best = (np.inf, 0, 0.0, 1)
            for j in range(X.shape[1]):
                for t in np.unique(X[:, j]):
                    guess = np.where(X[:, j] < t, -1, 1)
                    error = w[guess != y].sum()
                    for e, polarity in ((error, 1), (1 - error, -1)):
                        if e < best[0]:
                            best = (e, j, t, polarity)
            error, j, t, polarity = best
            alpha = 0.5 * np.log((1 - error + 1e-10) / (error + 1e-10))
            w *= np.exp(-alpha * y * polarity * np.where(X[:, j] < t, -1, 1))
            w /= w.sum()
            self.clfs.append((alpha, j, t, polarity))

    def predict(self, X):
        total = sum(a * p * np.where(X[:, j] < t, -1, 1) for a, j, t, p in self.clfs)
        return np.sign(total)


class NielsenNetwork:
    """Weights made in the constructor, as in the book; labels one column a class."""

    def __init__(self, sizes=(6, 16, 3), epochs=200, eta=0.5, seed=0):
        random = np.random.RandomState(seed)
        self.sizes, self.epochs, self.eta = sizes, epochs, eta
        self.biases = [random.randn(k) for k in sizes[1:]]
        self.weights = [random.randn(k, d) / np.sqrt(d) for d, k in zip(sizes[:-1], sizes[1:])]

    def fit(self, X, Y):
        for _ in range(self.epochs):
            a, acts = X, [X]
            for w, b in zip(self.weights, self.biases):
                a = 1 / (1 + np.exp(-(a @ w.T + b)))
                acts.append(a)
            delta = (acts[-1] - Y) / len(X) * self.sizes[-1]
            for i in range(len(self.weights) - 1, -1, -1):
                back = (delta @ self.weights[i]) * acts[i] * (1 - acts[i])
                self.weights[i] -= self.eta * delta.T @ acts[i]
                self.biases[i] -= self.eta * delta.sum(0)
                delta = back

    def predict(self, X):
        for w, b in zip(self.weights, self.biases):
            X = 1 / (1 + np.exp(-(X @ w.T + b)))
        return X


class TorchMLP:
    """A torch network behind fit and predict; few epochs, float32."""

    def __init__(self, hidden=32, epochs=30, lr=0.01, batch_size=32, seed=0):
        self.hidden, self.epochs, self.lr, self.batch_size, self.seed = hidden, epochs, lr, batch_size, seed

    def fit(self, X, y):
        import torch

        torch.manual_seed(self.seed)
        X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(X.shape[1], self.hidden),
            torch.nn.ReLU(),
            torch.nn.Linear(self.hidden, int(y.max()) + 1),
        )
        optimizer = torch.optim.Adam(self.net.parameters(), lr=self.lr)
        for _ in range(self.epochs):
            for rows in torch.randperm(len(X)).split(self.batch_size):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(self.net(X[rows]), y[rows]).backward()
                optimizer.step()
        return self

    def predict_proba(self, X):
        import torch

        with torch.no_grad():
            return self.net(torch.tensor(X, dtype=torch.float32)).softmax(1).numpy()

    def predict(self, X):
        return self.predict_proba(X).argmax(1)


class EighPCA:
    """Eigenvectors of the covariance, columns as directions."""

    def __init__(self, n_components=2):
        self.n_components = n_components

    def fit(self, X):
        self.mean = np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(np.cov((X - self.mean).T))
        self.components = vectors[:, np.argsort(values)[::-1][: self.n_components]]

    def transform(self, X):
        return np.dot(X - self.mean, self.components)


class SvdPCA:
    """Singular vectors, rows as directions; fit gives itself back."""

    def __init__(self, n_components=None):
        self.n_components = n_components

    def fit(self, X, y=None):
        self.mean_ = X.mean(0)
        _, s, Vt = np.linalg.svd(X - self.mean_, full_matrices=False)
        self.components_ = Vt[: self.n_components]
        self.explained_variance_ = s**2 / (len(X) - 1)
        return self

    def transform(self, X):
        return (X - self.mean_) @ self.components_.T

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class UnbiasedScaler:
    """As pandas does it: n - 1."""

    def fit(self, X):
        self.m, self.s = X.mean(0), X.std(0, ddof=1)
        self.s = np.where(self.s == 0, 1, self.s)
        return self

    def transform(self, X):
        return (X - self.m) / self.s


class EpsilonScaler:
    """A small number below the line."""

    def fit(self, X):
        self.mu, self.sigma = X.mean(axis=0), X.std(axis=0)

    def transform(self, X):
        return (X - self.mu) / (self.sigma + 1e-8)


class LloydKMeans:
    """Random rows to begin with, the global generator, centroids by their usual name."""

    def __init__(self, k=5, max_iters=100):
        self.k, self.max_iters = k, max_iters

    def fit(self, X):
        self.centroids = X[np.random.choice(len(X), self.k, replace=False)].copy()
        for _ in range(self.max_iters):
            labels = self.predict(X)
            new = np.array(
                [X[labels == c].mean(0) if (labels == c).any() else self.centroids[c] for c in range(self.k)]
            )
            if np.allclose(new, self.centroids):
                break
            self.centroids = new
        return self

    def predict(self, X):
        return np.array([np.argmin([np.linalg.norm(x - c) for c in self.centroids]) for x in X])


class PlusPlusKMeans:
    """k-means++ with a seed of its own, labels_ and inertia_."""

    def __init__(self, n_clusters=8, max_iter=100, random_state=0):
        self.n_clusters, self.max_iter, self.random_state = n_clusters, max_iter, random_state

    def fit(self, X, y=None):
        random = np.random.RandomState(self.random_state)
        centers = [X[random.randint(len(X))]]
        while len(centers) < self.n_clusters:
            square = np.min([((X - c) ** 2).sum(1) for c in centers], axis=0)
            centers.append(X[random.choice(len(X), p=square / square.sum())])
        centers = np.array(centers)
        for _ in range(self.max_iter):
            square = ((X[:, None] - centers) ** 2).sum(2)
            labels = square.argmin(1)
            centers = np.stack(
                [X[labels == c].mean(0) if (labels == c).any() else centers[c] for c in range(len(centers))]
            )
        square = ((X[:, None] - centers) ** 2).sum(2)
        self.cluster_centers_, self.labels_, self.inertia_ = centers, square.argmin(1), square.min(1).sum()
        return self

    def predict(self, X):
        return ((X[:, None] - self.cluster_centers_) ** 2).sum(2).argmin(1)

    def fit_predict(self, X, y=None):
        return self.fit(X).labels_


class NumpyGMM:
    """Expectation and maximisation with whole covariances."""

    def __init__(self, n_components=3, n_iter=100, seed=0):
        self.n_components, self.n_iter, self.seed = n_components, n_iter, seed

    def _joint(self, X):
        logs = []
        for pi, mu, cov in zip(self.pi, self.mu, self.sigma):
            away = X - mu
            square = (away @ np.linalg.inv(cov) * away).sum(1)
            logs.append(
                np.log(pi) - 0.5 * (square + np.linalg.slogdet(cov)[1] + X.shape[1] * np.log(2 * np.pi))
            )
        return np.stack(logs, 1)

    def predict_proba(self, X):
        logs = self._joint(X)
        own = np.exp(logs - logs.max(1, keepdims=True))
        return own / own.sum(1, keepdims=True)

    def fit(self, X):
        random = np.random.default_rng(self.seed)
        k, d = self.n_components, X.shape[1]
        self.mu = X[random.choice(len(X), k, replace=False)]
        self.sigma = np.stack([np.cov(X.T) + 1e-6 * np.eye(d)] * k)
        self.pi = np.full(k, 1 / k)
        for _ in range(self.n_iter):
            r = self.predict_proba(X)
            mass = r.sum(0)
            self.pi, self.mu = mass / len(X), (r.T @ X) / mass[:, None]
            self.sigma = np.stack(
                [((X - m).T * r[:, c]) @ (X - m) / mass[c] + 1e-6 * np.eye(d) for c, m in enumerate(self.mu)]
            )
        return self

    def predict(self, X):
        return self._joint(X).argmax(1)


def entry(target: str, like: str | None = None, **args: Any) -> dict[str, Any]:
    """Return an entry; names without a dot are those of this file."""
    if "." not in target:
        target = f"{HERE}:{target}"
    return {"target": target, "like": like, "args": args, "declares": {}, "kind": "estimator"}


SCRATCH = (
    entry("LoopKNN", "knn"),
    entry("LoopKNN", "knn", k=7),
    entry("MatrixKNN", "knn"),
    entry("MatrixKNN", "knn", weights="distance", n_neighbors=4),
    entry("MatrixKNN"),
    entry("TextbookGaussianNB", "gaussian-nb"),
    entry("TextbookGaussianNB"),
    entry("NumpyRidge", "ridge"),
    entry("NumpyRidge"),
    entry("MeanLossRidge", "ridge"),
    entry("BinaryLogistic", "logistic"),
    entry("BinaryLogistic"),
    entry("SoftmaxRegression", "logistic"),
    entry("SoftmaxRegression"),
    entry("SignPerceptron", "perceptron"),
    entry("SignPerceptron"),
    entry("PegasosSVM", "svm"),
    entry("ScratchTree", "decision-tree"),
    entry("ScratchTree"),
    entry("ScratchForest", "random-forest"),
    entry("ScratchForest"),
    entry("BoostedStumps", "gradient-boosting"),
    entry("SignAdaBoost", "adaboost"),
    entry("NielsenNetwork", "mlp"),
    entry("NielsenNetwork"),
    entry("TorchMLP", "mlp"),
    entry("TorchMLP"),
    entry("EighPCA", "pca"),
    entry("SvdPCA", "pca"),
    entry("SvdPCA"),
    entry("UnbiasedScaler", "standard-scaler"),
    entry("EpsilonScaler", "standard-scaler"),
    entry("LloydKMeans", "kmeans"),
    entry("LloydKMeans"),
    entry("PlusPlusKMeans", "kmeans"),
    entry("PlusPlusKMeans", "kmeans", n_clusters=4),
    entry("NumpyGMM", "gmm"),
    entry("NumpyGMM"),
)

CLASSIFIERS = (
    entry("sklearn.neighbors:KNeighborsClassifier", "knn"),
    entry("sklearn.neighbors:KNeighborsClassifier", "knn", n_neighbors=1, weights="distance"),
    entry("sklearn.neighbors:KNeighborsClassifier", "knn", metric="manhattan", algorithm="brute"),
    entry("sklearn.neighbors:KNeighborsClassifier", "knn", p=1),
    entry("sklearn.neighbors:RadiusNeighborsClassifier"),
    entry("sklearn.neighbors:NearestCentroid", "nearest-centroid"),
    entry("sklearn.neighbors:NearestCentroid", "nearest-centroid", metric="manhattan"),
    entry("sklearn.naive_bayes:GaussianNB", "gaussian-nb"),
    entry("sklearn.naive_bayes:GaussianNB", "gaussian-nb", priors=[0.2, 0.3, 0.5]),
    entry("sklearn.naive_bayes:MultinomialNB", "multinomial-nb"),
    entry("sklearn.naive_bayes:MultinomialNB"),
    entry("sklearn.naive_bayes:BernoulliNB", "bernoulli-nb", alpha=0.1),
    entry("sklearn.naive_bayes:ComplementNB"),
    entry("sklearn.naive_bayes:CategoricalNB"),
    entry("sklearn.discriminant_analysis:LinearDiscriminantAnalysis", "lda"),
    entry("sklearn.discriminant_analysis:LinearDiscriminantAnalysis", "lda", solver="lsqr", shrinkage="auto"),
    entry("sklearn.discriminant_analysis:QuadraticDiscriminantAnalysis", "qda"),
    entry("sklearn.discriminant_analysis:QuadraticDiscriminantAnalysis"),
    entry("sklearn.linear_model:LogisticRegression", "logistic"),
    entry("sklearn.linear_model:LogisticRegression", "logistic", C=0.01),
    entry("sklearn.linear_model:LogisticRegression", "logistic", solver="newton-cg", C=10.0),
    entry("sklearn.linear_model:LogisticRegression", "logistic", solver="saga", max_iter=50),
    entry("sklearn.linear_model:LogisticRegression"),
    entry("sklearn.linear_model:LogisticRegressionCV", Cs=3, cv=3),
    entry("sklearn.linear_model:Perceptron", "perceptron"),
    entry("sklearn.linear_model:SGDClassifier"),
    entry("sklearn.linear_model:SGDClassifier", "logistic", loss="log_loss"),
    entry("sklearn.linear_model:RidgeClassifier"),
    entry("sklearn.linear_model:PassiveAggressiveClassifier"),
    entry("sklearn.svm:SVC", "svm"),
    entry("sklearn.svm:SVC", "svm", kernel="linear", C=0.1),
    entry("sklearn.svm:SVC", probability=True, random_state=0),
    entry("sklearn.svm:LinearSVC", "svm"),
    entry("sklearn.svm:NuSVC"),
    entry("sklearn.tree:DecisionTreeClassifier", "decision-tree"),
    entry("sklearn.tree:DecisionTreeClassifier", "decision-tree", criterion="entropy", min_samples_leaf=3),
    entry("sklearn.tree:DecisionTreeClassifier", "decision-tree", max_depth=3, max_features=2),
    entry("sklearn.tree:ExtraTreeClassifier"),
    entry("sklearn.ensemble:RandomForestClassifier", "random-forest", n_estimators=30),
    entry("sklearn.ensemble:RandomForestClassifier", "random-forest", max_features=1, bootstrap=False),
    entry("sklearn.ensemble:RandomForestClassifier", "random-forest", max_depth=2),
    entry("sklearn.ensemble:ExtraTreesClassifier", "extra-trees"),
    entry("sklearn.ensemble:BaggingClassifier"),
    entry("sklearn.ensemble:AdaBoostClassifier", "adaboost"),
    entry("sklearn.ensemble:GradientBoostingClassifier", "gradient-boosting", n_estimators=20),
    entry("sklearn.ensemble:GradientBoostingClassifier", "gradient-boosting", subsample=0.5, n_estimators=15),
    entry("sklearn.ensemble:HistGradientBoostingClassifier", max_iter=15),
    entry("sklearn.neural_network:MLPClassifier", "mlp"),
    entry("sklearn.neural_network:MLPClassifier", "mlp", hidden_layer_sizes=[20, 20], activation="tanh"),
    entry("sklearn.gaussian_process:GaussianProcessClassifier"),
    entry("sklearn.semi_supervised:LabelPropagation"),
    entry("sklearn.semi_supervised:LabelSpreading"),
    entry("sklearn.dummy:DummyClassifier"),
)

OTHERS = (
    entry("sklearn.linear_model:Ridge", "ridge"),
    entry("sklearn.linear_model:Ridge", "ridge", alpha=5.0, solver="cholesky"),
    entry("sklearn.linear_model:Ridge", "ridge", fit_intercept=False),
    entry("sklearn.linear_model:LinearRegression", "linear-regression"),
    entry("sklearn.linear_model:Lasso"),
    entry("sklearn.linear_model:ElasticNet"),
    entry("sklearn.linear_model:QuantileRegressor"),
    entry("sklearn.linear_model:SGDRegressor"),
    entry("sklearn.linear_model:PoissonRegressor"),
    entry("sklearn.linear_model:HuberRegressor"),
    entry("sklearn.linear_model:RANSACRegressor"),
    entry("sklearn.neighbors:KNeighborsRegressor"),
    entry("sklearn.tree:DecisionTreeRegressor", "decision-tree"),
    entry("sklearn.ensemble:RandomForestRegressor", n_estimators=20),
    entry("sklearn.ensemble:GradientBoostingRegressor", "gradient-boosting"),
    entry("sklearn.svm:SVR"),
    entry("sklearn.neural_network:MLPRegressor"),
    entry("sklearn.gaussian_process:GaussianProcessRegressor"),
    entry("sklearn.kernel_ridge:KernelRidge"),
    entry("sklearn.cross_decomposition:PLSRegression"),
    entry("sklearn.dummy:DummyRegressor"),
    entry("sklearn.isotonic:IsotonicRegression"),
    entry("sklearn.cluster:KMeans", "kmeans"),
    entry("sklearn.cluster:KMeans", "kmeans", n_clusters=3, init="random", n_init=3),
    entry("sklearn.cluster:MiniBatchKMeans", "kmeans"),
    entry("sklearn.cluster:BisectingKMeans"),
    entry("sklearn.cluster:DBSCAN"),
    entry("sklearn.cluster:AgglomerativeClustering"),
    entry("sklearn.cluster:SpectralClustering", n_clusters=3),
    entry("sklearn.cluster:MeanShift"),
    entry("sklearn.cluster:AffinityPropagation"),
    entry("sklearn.cluster:Birch"),
    entry("sklearn.cluster:HDBSCAN"),
    entry("sklearn.mixture:GaussianMixture", "gmm", n_components=3),
    entry("sklearn.mixture:GaussianMixture", "gmm", n_components=2, covariance_type="diag"),
    entry("sklearn.mixture:GaussianMixture", "gmm", covariance_type="tied"),
    entry("sklearn.mixture:BayesianGaussianMixture", n_components=3),
    entry("sklearn.decomposition:PCA", "pca"),
    entry("sklearn.decomposition:PCA", "pca", n_components=2, whiten=True),
    entry("sklearn.decomposition:PCA", "pca", svd_solver="randomized", n_components=3, random_state=0),
    entry("sklearn.decomposition:PCA", "pca", n_components=0.9),
    entry("sklearn.decomposition:IncrementalPCA"),
    entry("sklearn.decomposition:KernelPCA", kernel="rbf"),
    entry("sklearn.decomposition:TruncatedSVD"),
    entry("sklearn.decomposition:FastICA"),
    entry("sklearn.decomposition:FactorAnalysis"),
    entry("sklearn.decomposition:NMF", "nmf"),
    entry("sklearn.decomposition:LatentDirichletAllocation", n_components=3),
    entry("sklearn.preprocessing:StandardScaler", "standard-scaler"),
    entry("sklearn.preprocessing:StandardScaler", "standard-scaler", with_mean=False),
    entry("sklearn.preprocessing:MinMaxScaler", "min-max-scaler"),
    entry("sklearn.preprocessing:MinMaxScaler", "min-max-scaler", feature_range=(-1, 1), clip=True),
    entry("sklearn.preprocessing:RobustScaler"),
    entry("sklearn.preprocessing:Normalizer"),
    entry("sklearn.preprocessing:QuantileTransformer", n_quantiles=20),
    entry("sklearn.preprocessing:PowerTransformer"),
    entry("sklearn.preprocessing:PolynomialFeatures"),
    entry("sklearn.preprocessing:KBinsDiscretizer"),
    entry("sklearn.preprocessing:OneHotEncoder", handle_unknown="ignore"),
    entry("sklearn.preprocessing:LabelEncoder"),
    entry("sklearn.preprocessing:TargetEncoder"),
    entry("sklearn.feature_selection:VarianceThreshold"),
    entry("sklearn.feature_selection:SelectKBest", k=3),
    entry("sklearn.random_projection:GaussianRandomProjection", n_components=3),
    entry("sklearn.kernel_approximation:RBFSampler"),
    entry("sklearn.manifold:Isomap"),
    entry("sklearn.manifold:LocallyLinearEmbedding", n_neighbors=8),
    entry("sklearn.manifold:TSNE", perplexity=10),
    entry("sklearn.manifold:MDS", n_init=1),
    entry("sklearn.ensemble:IsolationForest", n_estimators=20),
    entry("sklearn.ensemble:RandomTreesEmbedding", n_estimators=10),
    entry("sklearn.neighbors:LocalOutlierFactor"),
    entry("sklearn.neural_network:BernoulliRBM"),
)

ENTRIES: tuple[dict[str, Any], ...] = SCRATCH + CLASSIFIERS + OTHERS
KIND = "estimator"
