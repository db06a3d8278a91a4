"""Writes bootstrap.json: intervals of 95 % by NumPy's percentile bootstrap, anomalies and normal rows drawn apart.

    python bootstrap.py > bootstrap.json        (NumPy 2)
"""

import json

import numpy as np

random = np.random.default_rng(11)
RESAMPLES = 20_000


def auroc(anomalous, normal):
    normal = np.sort(normal)
    below, not_above = np.searchsorted(normal, anomalous, "left"), np.searchsorted(normal, anomalous, "right")
    return (below + not_above).mean() / (2 * len(normal))


def average_precision(anomalous, normal, weight):
    anomalous, normal = np.sort(anomalous), np.sort(normal)
    true_positives = len(anomalous) - np.searchsorted(anomalous, anomalous, "left")
    false_positives = len(normal) - np.searchsorted(normal, anomalous, "left")
    return (true_positives / (true_positives + weight * false_positives)).mean()


def case(anomalous, normal, weight, threshold):
    found = {"auroc": [], "average_precision": [], "precision": [], "recall": []}
    for _ in range(RESAMPLES):
        a, n = random.choice(anomalous, len(anomalous)), random.choice(normal, len(normal))
        found["auroc"].append(auroc(a, n))
        found["average_precision"].append(average_precision(a, n, weight))
        hits, alarms = (a > threshold).sum(), weight * (n > threshold).sum()
        found["recall"].append(hits / len(a))
        if hits + alarms > 0:
            found["precision"].append(hits / (hits + alarms))
    return {
        "scores": [*anomalous.tolist(), *normal.tolist()],
        "is_anomalous": [True] * len(anomalous) + [False] * len(normal),
        "normal_weight": weight,
        "threshold": threshold,
        **{name: np.percentile(values, [2.5, 97.5]).tolist() for name, values in found.items()},
    }


draw = lambda mean, rows, digits: np.round(random.normal(mean, 1, rows), digits)
print(json.dumps([
    case(draw(1.5, 40, 3), draw(0, 300, 3), 1.0, 1.2),
    # Few levels make heavy ties; each normal row stands for ten thirds of one.
    case(draw(1.0, 60, 0), draw(0, 200, 0), 10 / 3, 0.5),
    case(draw(0.3, 25, 3), draw(0, 120, 3), 2.0, 0.0),
]))
