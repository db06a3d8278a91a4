"""Writes scoring.json: measures of small rankings and samples by scikit-learn, SciPy and NumPy.

    python scoring.py > scoring.json        (scikit-learn 1.9, SciPy 1.17, NumPy 2)
"""

import json

import numpy as np
from scipy.stats import ks_2samp, spearmanr
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve, roc_auc_score, roc_curve

random = np.random.default_rng(7)


def points(x, y):
    return [[float(a), float(b)] for a, b in zip(x, y)]


def ranking(scores, is_anomalous):
    false_positive_rate, true_positive_rate, _ = roc_curve(is_anomalous, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(is_anomalous, scores)
    return {
        "scores": scores.tolist(),
        "is_anomalous": is_anomalous.astype(bool).tolist(),
        "auroc": float(roc_auc_score(is_anomalous, scores)),
        "average_precision": float(average_precision_score(is_anomalous, scores)),
        "roc": points(false_positive_rate, true_positive_rate),
        "precision_recall": points(recall[::-1], precision[::-1]),
    }


def rankings():
    for rows, levels, contamination, lift in [
        (2, 2, 0.5, 0.0), (60, 0, 0.2, 1.0), (80, 3, 0.3, 0.5), (80, 1, 0.3, 0.0), (150, 6, 0.05, 2.0), (120, 0, 0.5, -1.0),
    ]:
        is_anomalous = random.random(rows) < contamination
        is_anomalous[:2] = [True, False]
        scores = random.normal(size=rows) + lift * is_anomalous
        # Few levels make heavy ties.
        yield (scores if levels == 0 else np.round((scores - scores.min()) / np.ptp(scores) * (levels - 1))), is_anomalous


def threshold(scores, is_anomalous):
    return {
        "scores": scores.tolist(),
        "is_anomalous": is_anomalous.astype(bool).tolist(),
        "quantiles": [[share, float(np.quantile(scores, share))] for share in (0, 0.05, 1 / 3, 0.5, 0.95, 0.999, 1)],
        "best_f1": max(f1_score(is_anomalous, scores >= cut) for cut in np.unique(scores)),
    }


def correlation(one, other):
    return {"one": one.tolist(), "other": other.tolist(), "spearman": float(spearmanr(one, other).statistic)}


def drift(before, now):
    """Population stability index by its formula: bins of at least a tenth of the rows, from 100 quantiles, merged until
    five rows are expected in them of the smaller sample; empty bins count as 0.0001."""
    n = len(before)
    ordered = np.sort(before)
    edges = np.unique([ordered[max(-(-part * n // 100), 1) - 1] for part in range(1, 101)])
    fine = np.bincount(np.searchsorted(edges, before), minlength=len(edges) + 1)
    ends, total = [], 0
    for edge, count in zip(edges, fine):
        total += count
        if total >= -(-n // 10):
            ends.append(edge)
            total = 0
    # The remainder is part of the last bin; values below or above all training values have bins of their own.
    ends = [np.nextafter(ordered[0], -np.inf), *ends[:-1], ordered[-1]]
    counts = lambda values: np.bincount(np.searchsorted(ends, values), minlength=len(ends) + 1)
    smaller = min(n, len(now)) / (n + len(now))
    bins, open_bin = [], np.zeros(2)
    for pair in zip(counts(before), counts(now)):
        open_bin = open_bin + pair
        if open_bin.sum() * smaller >= 5:
            bins.append(open_bin)
            open_bin = np.zeros(2)
    bins[-1] = bins[-1] + open_bin
    a, b = np.maximum(np.array(bins) / [n, len(now)], 1e-4).T
    return {
        "before": before.tolist(),
        "now": now.tolist(),
        "kolmogorov_smirnov": float(ks_2samp(before, now).statistic),
        "population_stability_index": float(((b - a) * np.log(b / a)).sum()),
    }


round4 = lambda values: np.round(values, 4)
cases = [(round4(scores), is_anomalous) for scores, is_anomalous in rankings()]
print(json.dumps({
    "rankings": [ranking(*case) for case in cases],
    "thresholds": [threshold(*case) for case in cases],
    "correlations": [
        correlation(round4(random.normal(size=40)), round4(random.normal(size=40))),
        correlation(random.integers(0, 4, 60).astype(float), random.integers(0, 3, 60).astype(float)),
    ],
    "drifts": [
        drift(round4(random.normal(size=400)), round4(random.normal(0.3, 1.2, size=150))),
        drift(random.integers(0, 5, 300).astype(float), random.integers(1, 7, 90).astype(float)),
        drift(round4(random.exponential(size=37)), round4(random.exponential(size=500))),
    ],
}))
