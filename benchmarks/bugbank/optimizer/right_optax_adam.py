"""Adam as an Optax factory."""

ENTRY = {
    "target": "adam",
    "like": "adam",
    "args": {},
    "declares": {},
}

import jax
import jax.numpy as jnp
import optax


def adam(learning_rate=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return 0, zeros, zeros

    def update(grads, state, params=None):
        count, mu, nu = state
        count = count + 1
        mu = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, mu, grads)
        nu = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, nu, grads)
        correction = (1 - b1**count, 1 - b2**count)
        moves = jax.tree.map(
            lambda m, v: -learning_rate * (m / correction[0]) / (jnp.sqrt(v / correction[1]) + eps), mu, nu
        )
        return moves, (count, mu, nu)

    return optax.GradientTransformation(init, update)
