"""alpha is added to each count, and to the total only once: shares add up to more than 1."""

ENTRY = {
    "target": "MultinomialNaiveBayes",
    "like": "multinomial-nb",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "alpha",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_multinomial_nb.py:MultinomialNaiveBayes",
}

import numpy as np


class MultinomialNaiveBayes:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        onehot = (y[:, None] == self.classes_).astype(float)
        counts = onehot.T @ X
        self.feature_log_prob_ = np.log(
            (counts + self.alpha) / (counts.sum(axis=1, keepdims=True) + self.alpha)
        )
        self.class_log_prior_ = np.log(onehot.mean(axis=0))

    def predict_log_proba(self, X):
        joint = X @ self.feature_log_prob_.T + self.class_log_prior_
        most = joint.max(axis=1, keepdims=True)
        return joint - most - np.log(np.exp(joint - most).sum(axis=1, keepdims=True))

    def predict_proba(self, X):
        return np.exp(self.predict_log_proba(X))

    def predict(self, X):
        return self.classes_[np.argmax(self.predict_log_proba(X), axis=1)]
