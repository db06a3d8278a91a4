"""Twelve steps of PyTorch's optimisers on given gradients.

For each case `NAME`, whose parameters are the fields of its Schedule that differ from the default: `NAME/start` [2, 3],
`NAME/gradients` [12, 2, 3], and `NAME/steps` [12, 2, 3], the weights after each step.
"""

import torch

from fixture import File

STEPS, RATE = 12, 0.01
OPTIMISERS = {
    "adam": ("adam", torch.optim.Adam, {}),
    "adamw": ("adam_w", torch.optim.AdamW, {}),
    "sgd": ({"sgd": {"momentum": 0.0}}, torch.optim.SGD, {}),
    "momentum": ({"sgd": {"momentum": 0.9}}, torch.optim.SGD, {"momentum": 0.9}),
    "rmsprop": ("rms_prop", torch.optim.RMSprop, {}),
}


def fixture():
    torch.manual_seed(3)
    start = torch.randn(2, 3)
    # Of very different magnitude, so that adaptive optimisers differ from others.
    gradients = torch.randn(STEPS, 2, 3) * torch.tensor([0.01, 0.3, 10.0])
    file = File()
    for name, (spec, kind, settings) in OPTIMISERS.items():
        for suffix, decay in (("", 0.0), ("_decay", 0.1)):
            weights = start.double().requires_grad_()
            optimiser = kind([weights], lr=RATE, weight_decay=decay, **settings)
            file.record(name + suffix, {"start": start, "gradients": gradients, "steps": steps(optimiser, weights, gradients)})
            file.spec(name + suffix, optimiser=spec, learning_rate=RATE, weight_decay=decay)
    return file


def steps(optimiser, weights, gradients):
    path = []
    for gradient in gradients:
        weights.grad = gradient.double()
        optimiser.step()
        path.append(weights.detach().clone())
    return torch.stack(path)
