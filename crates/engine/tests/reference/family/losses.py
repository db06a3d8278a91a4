"""Losses and penalties with their gradients, in 64 bits.

For each case `NAME`: its arguments under their names, `NAME/value` [1] and, for every argument that it is differentiated
by, `NAME/gradients/ARGUMENT`. Scalars that are no tensors are in the file's metadata.

Losses are the mean over all values, or over those where `hidden` is 1:

- mse d², mae |d|; huber d² / 2 below a difference of 0.1 and 0.1 (|d| - 0.05) above
- bce: -x log y - (1 - x) log(1 - y), y the sigmoid of the logits
- gaussian: (d² / e^s + s + log 2 pi) / 2 with one s for all values
- ssim: 1 - the mean over samples, channels and places of the index of Wang et al. 2004: Gaussian window of 11x11 and sigma
  1.5 where all of it fits, values 0 to 1, moments of the population

Penalties of a code [samples, units]:

- divergence: (mean² + e^log_variance - 1 - log_variance) / 2, summed over units, averaged over samples
- l1: the mean of |code|
- kl_sparsity: the sum over units of the divergence of a coin of the unit's mean from one of `target`
- contractive_ACTIVATION: |J|² averaged over samples, J being the Jacobian of activation(W x + b) by x
- total_correlation: the mean over samples i of log q(z_i) - sum over units of log q(z_iu), where q(z_i) is the mean over
  the samples j of the batch of N(z_i; mean_j, variance_j): Chen et al. 2018, S3, but for a constant, the size of the data
- orthogonality: the mean, over pairs of different units, of their squared correlation over the batch
- fooling: the cross-entropy of `logits` where they should say 1; telling_apart: the mean of that of `prior_logits` for 1
  and of `code_logits` for 0
- classification: cross-entropy of `logits` [samples, classes], over samples whose label is not -1
"""

import math

import torch
from torch.distributions import Normal, kl_divergence
from torch.nn import functional

from fixture import File, seed_by
from layers import ACTIVATIONS


class Fixture(File):
    def add(self, name, function, by, other=None, **scalars):
        """`function` of the tensors `by`, which it is differentiated by, and of `other` ones."""
        by = {argument: tensor.float().double().requires_grad_() for argument, tensor in by.items()}
        other = {argument: tensor.float().double() for argument, tensor in (other or {}).items()}
        value = function(**by, **other, **scalars)
        gradients = torch.autograd.grad(value, list(by.values()), materialize_grads=True)
        self.record(name, by | other | {"value": value.reshape(1)})
        self.record(name, dict(zip(by, gradients)), "gradients/")
        self.head(name, **scalars)


def fixture():
    cases = Fixture()
    add_losses(cases)
    add_penalties(cases)
    return cases


def over(errors, hidden=None):
    return errors.mean() if hidden is None else (errors * hidden).sum() / hidden.sum()


def gaussian(reconstruction, clean, log_variance, hidden=None):
    squares = (reconstruction - clean) ** 2 / log_variance.exp()
    return over((squares + log_variance + math.log(2 * math.pi)) / 2, hidden)


ELEMENTWISE = {
    "mse": lambda reconstruction, clean, hidden=None: over((reconstruction - clean) ** 2, hidden),
    "mae": lambda reconstruction, clean, hidden=None: over((reconstruction - clean).abs(), hidden),
    "huber": lambda reconstruction, clean, hidden=None: over(
        functional.huber_loss(reconstruction, clean, reduction="none", delta=0.1), hidden
    ),
    "bce": lambda reconstruction, clean, hidden=None: over(
        functional.binary_cross_entropy_with_logits(reconstruction, clean, reduction="none"), hidden
    ),
    "gaussian": gaussian,
}


def add_losses(cases):
    for name, loss in ELEMENTWISE.items():
        seed_by(name)
        # Differences on both sides of Huber's corner; logits of both signs.
        clean, spread = torch.rand(4, 15), 6 if name == "bce" else 0.3
        by = {"reconstruction": clean + spread * (torch.rand(4, 15) - 0.5)}
        if name == "gaussian":
            by["log_variance"] = torch.tensor([-1.3])
        cases.add(name, loss, by, {"clean": clean})
        hidden = (torch.rand(4, 15) < 0.4).double()
        cases.add(f"{name}_hidden", loss, by, {"clean": clean, "hidden": hidden})
    seed_by("ssim")
    clean = torch.rand(2, 3 * 13 * 15)
    reconstruction = clean + 0.4 * (torch.rand(2, 3 * 13 * 15) - 0.5)
    cases.add("ssim", dissimilarity, {"reconstruction": reconstruction}, {"clean": clean}, shape=[3, 13, 15])


def dissimilarity(reconstruction, clean, shape):
    a, b = (rows.reshape(-1, 1, *shape[1:]) for rows in (reconstruction, clean))
    offsets = torch.arange(11, dtype=torch.float64) - 5
    window = torch.exp(-(offsets**2) / (2 * 1.5**2))
    window = torch.outer(window, window)[None, None] / window.sum() ** 2
    local = lambda values: functional.conv2d(values, window)  # noqa: E731
    mean_a, mean_b = local(a), local(b)
    variances = local(a * a) - mean_a**2 + local(b * b) - mean_b**2
    covariance = local(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    index = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return 1 - (index / ((mean_a**2 + mean_b**2 + c1) * (variances + c2))).mean()


def divergence(mean, log_variance):
    standard = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return kl_divergence(Normal(mean, (log_variance / 2).exp()), standard).sum(1).mean()


def kl_sparsity(code, target):
    mean = code.mean(0)
    return (target * torch.log(target / mean) + (1 - target) * torch.log((1 - target) / (1 - mean))).sum()


def contraction(weight, bias, input, activation):
    encode = lambda sample: ACTIVATIONS[activation]()(functional.linear(sample, weight, bias))  # noqa: E731
    jacobians = [torch.autograd.functional.jacobian(encode, sample, create_graph=True) for sample in input]
    return torch.stack([(jacobian**2).sum() for jacobian in jacobians]).mean()


def total_correlation(drawn, mean, log_variance):
    distribution = Normal(mean[None], (log_variance[None] / 2).exp())
    log_density = distribution.log_prob(drawn[:, None])
    log_weight = math.log(len(drawn))
    joint = torch.logsumexp(log_density.sum(2), 1) - log_weight
    product = (torch.logsumexp(log_density, 1) - log_weight).sum(1)
    return (joint - product).mean()


def orthogonality(code):
    correlations = torch.corrcoef(code.T)
    units = code.shape[1]
    return (correlations.triu(1) ** 2).sum() * 2 / (units * (units - 1))


def telling_apart(prior_logits, code_logits):
    surprise = functional.binary_cross_entropy_with_logits
    real = surprise(prior_logits, torch.ones_like(prior_logits))
    return (real + surprise(code_logits, torch.zeros_like(code_logits))) / 2


def add_penalties(cases):
    seed_by("penalties")
    normal = torch.randn
    code, log_variance = normal(6, 4), torch.rand(6, 4) - 0.7
    cases.add("divergence", divergence, {"mean": code, "log_variance": log_variance})
    cases.add("l1", lambda code: code.abs().mean(), {"code": code})
    cases.add("kl_sparsity", kl_sparsity, {"code": torch.rand(6, 4)}, target=0.05)
    for activation in ACTIVATIONS:
        by = {"weight": normal(4, 7), "bias": normal(4)}
        cases.add(f"contractive_{activation}", contraction, by, {"input": torch.rand(5, 7)}, activation=activation)
    by = {"drawn": normal(6, 4), "mean": code, "log_variance": log_variance}
    cases.add("total_correlation", total_correlation, by)
    cases.add("orthogonality", orthogonality, {"code": code})
    logits = normal(6, 1)
    cases.add("fooling", lambda logits: functional.softplus(-logits).mean(), {"logits": logits})
    cases.add("telling_apart", telling_apart, {"prior_logits": normal(6, 1), "code_logits": logits})
    labels = torch.tensor([2, 0, -1, 1, 1, -1])
    entropy = lambda logits, labels: functional.cross_entropy(logits, labels.long(), ignore_index=-1)  # noqa: E731
    cases.add("classification", entropy, {"logits": normal(6, 3)}, {"labels": labels})
