"""Optimizers: torch classes, Optax factories, plain classes with step(grads)."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.optimizers._amplified import amplified_lockstep
from firstlight.checks.optimizers._clip import clips_by_the_whole_norm
from firstlight.checks.optimizers._closure import closure_is_called
from firstlight.checks.optimizers._constant_gradient import constant_gradient_limit, equivalent_rate
from firstlight.checks.optimizers._decay_signature import decay_signature
from firstlight.checks.optimizers._descent import goes_downhill
from firstlight.checks.optimizers._determinism import same_tape_twice
from firstlight.checks.optimizers._first_step import closed_first_step
from firstlight.checks.optimizers._groups import groups_have_their_own_options
from firstlight.checks.optimizers._late_parameter import late_parameter
from firstlight.checks.optimizers._layouts import layout_is_irrelevant
from firstlight.checks.optimizers._liveness import live_options
from firstlight.checks.optimizers._lockstep import golden_lockstep
from firstlight.checks.optimizers._no_op import nothing_to_do
from firstlight.checks.optimizers._order import order_is_irrelevant
from firstlight.checks.optimizers._peer_lockstep import peer_lockstep
from firstlight.checks.optimizers._purity import steps_are_pure
from firstlight.checks.optimizers._recognition import recognised
from firstlight.checks.optimizers._resume import rate_can_change, resumes
from firstlight.checks.optimizers._scale_law import linear_in_rate, scale_law
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.references.optimizers import OPTIMIZERS

__all__ = ["KIND"]

KIND = Kind(
    name="optimizer",
    what="a torch.optim.Optimizer class, an Optax factory, or a class Opt(params, **args) with step(grads)",
    subject=OptimizerSubject.of,
    checks=(
        golden_lockstep,
        amplified_lockstep,
        peer_lockstep,
        live_options,
        closed_first_step,
        nothing_to_do,
        order_is_irrelevant,
        scale_law,
        linear_in_rate,
        decay_signature,
        steps_are_pure,
        groups_have_their_own_options,
        resumes,
        layout_is_irrelevant,
        late_parameter,
        closure_is_called,
        same_tape_twice,
        clips_by_the_whole_norm,
        constant_gradient_limit,
        equivalent_rate,
        rate_can_change,
        recognised,
        goes_downhill,
    ),
    references=lambda: OPTIMIZERS,
    blind_spots=(
        "How fast it is, and how much memory it needs.",
        "Steps after the first few dozen, such as those after a long warm-up.",
        "Sparse and complex gradients, several devices, half precision.",
    ),
    sentence=(
        "A step that is off by one part in a hundred million, in any of 25 steps, at default "
        "or at amplified options; an option that changes nothing; a state that is lost, shared or not saved."
    ),
)
