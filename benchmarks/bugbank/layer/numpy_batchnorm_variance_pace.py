"""The running variance is blended with momentum and one minus momentum swapped; the mean is right."""

import numpy as np

ENTRY = {
    "target": "BatchNorm",
    "like": "batchnorm",
    "args": {"dim": 5},
    "declares": {},
    "family": "running-statistics",
    "also": [],
    "component": "running_var",
    "first_bad_step": 1,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_batchnorm.py:BatchNorm",
}


class BatchNorm:
    def __init__(self, dim, momentum=0.9, eps=1e-5):
        self.gamma, self.beta = np.ones(dim), np.zeros(dim)
        self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
        self.momentum, self.eps = momentum, eps
        self.training = True

    def forward(self, x):
        if self.training:
            mu, var = x.mean(axis=0), x.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        else:
            mu, var = self.running_mean, self.running_var
        return self.gamma * (x - mu) / np.sqrt(var + self.eps) + self.beta
