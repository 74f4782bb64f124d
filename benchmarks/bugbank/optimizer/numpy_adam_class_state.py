"""m and v are class attributes: a second model's optimizer continues the first one's."""

ENTRY = {
    "target": "Adam",
    "like": "adam",
    "args": {},
    "declares": {},
    "family": "state",
    "also": ["determinism"],
    "component": "instance",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_adam.py:Adam",
}

import numpy as np


class Adam:
    m, v, t = {}, {}, 0

    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.params = params
        self.lr, self.beta1, self.beta2, self.epsilon = lr, beta1, beta2, epsilon
        for i, p in enumerate(params):
            self.m.setdefault(i, np.zeros_like(p))
            self.v.setdefault(i, np.zeros_like(p))

    def step(self, grads):
        self.t += 1
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat = self.m[i] / (1 - self.beta1**self.t)
            v_hat = self.v[i] / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.epsilon)
