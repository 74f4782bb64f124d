"""Exercise 3: gradient descent with momentum, in NumPy."""

import numpy as np

rate = float(input("learning rate? "))


class MyMomentum:
    def __init__(self, params, lr=rate, momentum=0.9):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for p, g, v in zip(self.params, grads, self.velocities, strict=True):
            v[:] = self.momentum * v + g
            p -= self.lr * v
