"""Losses and penalties with their gradients, in 64 bits.

For each case `NAME`: its arguments under their names, `NAME/value` [1] and, for every argument by which it is
differentiated, `NAME/gradients/ARGUMENT`. Scalars are in the file's metadata.

Losses are the mean over all values, or over those where `mask` is 1 (cases `..._masked`); d is the difference of
`reconstruction` and `target`:

- mse d², mae |d|; huber d² / 2 below a difference of 0.1 and 0.1 (|d| - 0.05) above
- bce: -x log y - (1 - x) log(1 - y), x the target and y the sigmoid of the reconstruction
- gaussian: (d² / e^s + s + log 2 pi) / 2 with one s for all values
- ssim: 1 - the mean over samples, channels and places of the index of Wang et al. 2004: Gaussian window of 11x11 and sigma
  1.5 where all of it fits, values 0 to 1, moments of the population

Penalties of a code [samples, units]:

- kl_divergence: (mu² + e^logvar - 1 - logvar) / 2, summed over units, averaged over samples
- l1: the mean of |code|
- kl_sparsity: the sum over units of the KL divergence of Bernoulli(`rho`) from Bernoulli(mean of the unit)
- contractive_ACTIVATION: |J|² averaged over samples, J being the Jacobian of activation(W x + b) by x
- total_correlation: the mean over samples i of log q(z_i) - sum over units of log q(z_iu), where q(z_i) is the mean over
  the samples j of the batch of N(z_i; mu_j, e^logvar_j): Chen et al. 2018, S3, but for a constant, the size of the data
- orthogonality: the mean, over pairs of different units, of their squared correlation over the batch
- generator_loss: the cross-entropy of `logits` for label 1; discriminator_loss: the mean of that of `prior_logits` for 1
  and of `code_logits` for 0
- classification: cross-entropy of `logits` [samples, classes], over samples whose label is not -1
- known_squared_error: the squared distance of `prediction` from `target` [samples, 1], over samples whose `known` is 1
"""

import math

import torch
from torch.distributions import Normal, kl_divergence
from torch.nn import functional

from fixture import File, seed_by
from layers import ACTIVATIONS


class Fixture(File):
    def add(self, name, function, by, other=None, **scalars):
        """Records `function` of the tensors `by`, by which it is differentiated, and of the constants `other`."""
        by = {argument: tensor.float().double().requires_grad_() for argument, tensor in by.items()}
        other = {argument: tensor.float().double() for argument, tensor in (other or {}).items()}
        value = function(**by, **other, **scalars)
        gradients = torch.autograd.grad(value, list(by.values()), materialize_grads=True)
        self.record(name, by | other | {"value": value.reshape(1)})
        self.record(name, dict(zip(by, gradients)), "gradients/")
        self.spec(name, **scalars)


def fixture():
    cases = Fixture()
    add_losses(cases)
    add_penalties(cases)
    return cases


def mean_over(errors, mask=None):
    return errors.mean() if mask is None else (errors * mask).sum() / mask.sum()


def gaussian(reconstruction, target, logvar, mask=None):
    squares = (reconstruction - target) ** 2 / logvar.exp()
    return mean_over((squares + logvar + math.log(2 * math.pi)) / 2, mask)


ELEMENTWISE = {
    "mse": lambda reconstruction, target, mask=None: mean_over((reconstruction - target) ** 2, mask),
    "mae": lambda reconstruction, target, mask=None: mean_over((reconstruction - target).abs(), mask),
    "huber": lambda reconstruction, target, mask=None: mean_over(
        functional.huber_loss(reconstruction, target, reduction="none", delta=0.1), mask
    ),
    "bce": lambda reconstruction, target, mask=None: mean_over(
        functional.binary_cross_entropy_with_logits(reconstruction, target, reduction="none"), mask
    ),
    "gaussian": gaussian,
}


def add_losses(cases):
    for name, loss in ELEMENTWISE.items():
        seed_by(name)
        # Differences on both sides of Huber's delta; logits of both signs.
        target, width = torch.rand(4, 15), 6 if name == "bce" else 0.3
        by = {"reconstruction": target + width * (torch.rand(4, 15) - 0.5)}
        if name == "gaussian":
            by["logvar"] = torch.tensor([-1.3])
        cases.add(name, loss, by, {"target": target})
        mask = (torch.rand(4, 15) < 0.4).double()
        cases.add(f"{name}_masked", loss, by, {"target": target, "mask": mask})
    seed_by("ssim")
    target = torch.rand(2, 3 * 13 * 15)
    reconstruction = target + 0.4 * (torch.rand(2, 3 * 13 * 15) - 0.5)
    cases.add("ssim", ssim_loss, {"reconstruction": reconstruction}, {"target": target}, shape=[3, 13, 15])


def ssim_loss(reconstruction, target, shape):
    a, b = (rows.reshape(-1, 1, *shape[1:]) for rows in (reconstruction, target))
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


def kl_to_standard_normal(mu, logvar):
    standard = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return kl_divergence(Normal(mu, (logvar / 2).exp()), standard).sum(1).mean()


def kl_sparsity(code, rho):
    mean = code.mean(0)
    return (rho * torch.log(rho / mean) + (1 - rho) * torch.log((1 - rho) / (1 - mean))).sum()


def contraction(weight, bias, input, activation):
    encode = lambda sample: ACTIVATIONS[activation]()(functional.linear(sample, weight, bias))  # noqa: E731
    jacobians = [torch.autograd.functional.jacobian(encode, sample, create_graph=True) for sample in input]
    return torch.stack([(jacobian**2).sum() for jacobian in jacobians]).mean()


def total_correlation(z, mu, logvar):
    distribution = Normal(mu[None], (logvar[None] / 2).exp())
    log_density = distribution.log_prob(z[:, None])
    log_samples = math.log(len(z))
    joint = torch.logsumexp(log_density.sum(2), 1) - log_samples
    product = (torch.logsumexp(log_density, 1) - log_samples).sum(1)
    return (joint - product).mean()


def orthogonality(code):
    correlations = torch.corrcoef(code.T)
    units = code.shape[1]
    return (correlations.triu(1) ** 2).sum() * 2 / (units * (units - 1))


def discriminator_loss(prior_logits, code_logits):
    cross_entropy = functional.binary_cross_entropy_with_logits
    of_prior = cross_entropy(prior_logits, torch.ones_like(prior_logits))
    return (of_prior + cross_entropy(code_logits, torch.zeros_like(code_logits))) / 2


def known_squared_error(prediction, target, known):
    return functional.mse_loss(prediction[known > 0], target[known > 0])


def add_penalties(cases):
    seed_by("penalties")
    normal = torch.randn
    code, logvar = normal(6, 4), torch.rand(6, 4) - 0.7
    cases.add("kl_divergence", kl_to_standard_normal, {"mu": code, "logvar": logvar})
    cases.add("l1", lambda code: code.abs().mean(), {"code": code})
    cases.add("kl_sparsity", kl_sparsity, {"code": torch.rand(6, 4)}, rho=0.05)
    for activation in ACTIVATIONS:
        by = {"weight": normal(4, 7), "bias": normal(4)}
        cases.add(f"contractive_{activation}", contraction, by, {"input": torch.rand(5, 7)}, activation=activation)
    by = {"z": normal(6, 4), "mu": code, "logvar": logvar}
    cases.add("total_correlation", total_correlation, by)
    cases.add("orthogonality", orthogonality, {"code": code})
    logits = normal(6, 1)
    cases.add("generator_loss", lambda logits: functional.softplus(-logits).mean(), {"logits": logits})
    cases.add("discriminator_loss", discriminator_loss, {"prior_logits": normal(6, 1), "code_logits": logits})
    labels = torch.tensor([2, 0, -1, 1, 1, -1])
    cross_entropy = lambda logits, labels: functional.cross_entropy(logits, labels.long(), ignore_index=-1)  # noqa: E731
    cases.add("classification", cross_entropy, {"logits": normal(6, 3)}, {"labels": labels})
    given = {"target": normal(6, 1), "known": torch.tensor([[1], [0], [1], [1], [0], [1]])}
    cases.add("known_squared_error", known_squared_error, {"prediction": normal(6, 1)}, given)
