"""Writes measures.json: measures of small codes by scikit-learn, SciPy, NumPy and PyTorch.

    python measures.py > measures.json        (scikit-learn 1.9, SciPy 1.17, NumPy 2, PyTorch 2.15)
"""

import json

import numpy as np
import torch
from scipy.spatial.distance import pdist
from scipy.stats import entropy
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

random = np.random.default_rng(11)


def float32(values):
    """Rounds to 1/256, which a 32-bit float holds exactly and JSON in few digits."""
    return np.round(np.asarray(values) * 256) / 256


def neighbours(count, width, classes):
    labels = random.integers(0, classes, count)
    codes = float32(random.normal(size=(count, width)) + labels[:, None])
    accuracy = cross_val_score(KNeighborsClassifier(5), codes, labels, cv=LeaveOneOut()).mean()
    return {"codes": codes.ravel().tolist(), "width": width, "labels": labels.tolist(), "accuracy": float(accuracy)}


def mmd(one, other):
    # The upper median: of an even number of distances the greater of the middle two.
    distances = np.sort(pdist(other))
    bandwidth = distances[len(distances) // 2]
    mean = lambda a, b: rbf_kernel(a, b, gamma=1 / (2 * bandwidth**2)).mean()
    square = mean(one, one) + mean(other, other) - 2 * mean(one, other)
    return {
        "one": one.ravel().tolist(),
        "other": other.ravel().tolist(),
        "width": one.shape[1],
        "bandwidth": float(bandwidth),
        "mmd": float(np.sqrt(square)),
    }


def perplexity(counts):
    return {"counts": counts.tolist(), "perplexity": float(np.exp(entropy(counts)))}


def elbo(width, values, output_logvar):
    mu, logvar = float32(random.normal(size=width)), float32(random.normal(size=width))
    logits, targets = float32(3 * random.normal(size=values)), float32(random.random(values))
    t = lambda array: torch.tensor(array, dtype=torch.float64)
    posterior = torch.distributions.Normal(t(mu), torch.exp(t(logvar) / 2))
    prior = torch.distributions.Normal(torch.zeros(width).double(), torch.ones(width).double())
    bernoulli = torch.nn.functional.binary_cross_entropy_with_logits(t(logits), t(targets), reduction="sum")
    likelihood = torch.distributions.Normal(t(logits), t(np.exp(output_logvar / 2)))
    return {
        "mu": mu.tolist(),
        "logvar": logvar.tolist(),
        "logits": logits.tolist(),
        "targets": targets.tolist(),
        "output_logvar": output_logvar,
        "kl_divergence": torch.distributions.kl_divergence(posterior, prior).sum().item(),
        "bernoulli": bernoulli.item(),
        "gaussian": -likelihood.log_prob(t(targets)).sum().item(),
    }


cloud = lambda count, width, centre, scale: float32(random.normal(centre, scale, (count, width)))
print(json.dumps({
    "neighbours": [neighbours(60, 2, 3), neighbours(40, 5, 2), neighbours(50, 1, 10)],
    "mmds": [
        mmd(cloud(30, 2, 0, 1), cloud(40, 2, 0, 1)),
        mmd(cloud(25, 3, 2, 0.5), cloud(21, 3, 0, 1)),
        mmd(cloud(12, 1, 0, 30), cloud(13, 1, 0, 1)),
    ],
    "perplexities": [perplexity(random.integers(0, 50, 64)), perplexity(np.array([1, 0, 999])), perplexity(np.ones(5, int))],
    "elbos": [elbo(20, 100, -3.0), elbo(2, 7, 0.5)],
}))
