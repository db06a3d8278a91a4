"""Writes learning_rates.json: learning rates of PyTorch's schedulers, from 0.5, over 8 epochs of 10 steps.

    python learning_rates.py > learning_rates.json        (PyTorch 2.15)
"""

import json

import torch
from torch.optim import lr_scheduler

RATE, EPOCHS, STEPS = 0.5, 8, 10
# Four epochs without improvement after the second: two reductions at a patience of 2.
VALIDATION_LOSSES = [0.9, 0.5, 0.6, 0.5, 0.7, 0.7, 0.4, 0.41]


def optimiser():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def by_step(schedulers):
    """The learning rate of every step; each scheduler steps after it."""
    sgd = optimiser()
    schedulers = [make(sgd) for make in schedulers]
    rates = []
    for _ in range(EPOCHS * STEPS):
        rates.append(sgd.param_groups[0]["lr"])
        sgd.step()
        for scheduler in schedulers:
            scheduler.step()
    return rates


def on_plateau(factor, patience):
    """PyTorch's patience is the number of tolerated epochs without improvement: one less than the engine's."""
    sgd = optimiser()
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, factor=factor, patience=patience - 1, threshold=0.0)
    rates = []
    for loss in VALIDATION_LOSSES:
        rates += [sgd.param_groups[0]["lr"]] * STEPS
        scheduler.step(loss)
    return rates


def warm_up(steps):
    return lambda sgd: lr_scheduler.LinearLR(sgd, start_factor=1 / steps, total_iters=steps - 1)


print(
    json.dumps(
        {
            "validation_losses": VALIDATION_LOSSES,
            "cosine": by_step([lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, T_max=EPOCHS * STEPS)]),
            "cosine_restarts": by_step(
                [lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, T_0=STEPS, T_mult=2)]
            ),
            "step": by_step([lambda sgd: lr_scheduler.StepLR(sgd, step_size=3 * STEPS, gamma=0.1)]),
            "exponential": by_step([lambda sgd: lr_scheduler.ExponentialLR(sgd, gamma=0.7 ** (1 / STEPS))]),
            "plateau": on_plateau(factor=0.5, patience=2),
            "warm_up": by_step([warm_up(8)]),
            "warm_up_then_exponential": by_step(
                [warm_up(8), lambda sgd: lr_scheduler.ExponentialLR(sgd, gamma=0.7 ** (1 / STEPS))]
            ),
        }
    )
)
