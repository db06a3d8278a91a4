"""Writes measures.json: measures of small codes by scikit-learn, SciPy, NumPy and the papers' code.

    python measures.py > measures.json        (scikit-learn 1.9, SciPy 1.17, NumPy 2)
"""

import json

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.feature_selection import f_classif
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.manifold import trustworthiness
from sklearn.metrics import (
    calinski_harabasz_score,
    confusion_matrix,
    davies_bouldin_score,
    mean_absolute_error,
    mean_squared_error,
    mutual_info_score,
    precision_recall_fscore_support,
    r2_score,
    silhouette_score,
)
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

random = np.random.default_rng(26)


def float32(values):
    """Rounds to 1/256, which a 32-bit float holds exactly and JSON in few digits."""
    return np.round(np.asarray(values) * 256) / 256


def data(values):
    return {"values": values.ravel().tolist(), "width": values.shape[1]}


def blobs(count, width, classes, spread=1.5):
    labels = random.integers(0, classes, count)
    labels[:classes] = np.arange(classes)
    centres = random.normal(size=(classes, width)) * spread
    return float32(centres[labels] + random.normal(size=(count, width))), labels


def clusters(count, width, classes, unlabelled):
    codes, labels = blobs(count, width, classes)
    named = labels * 3 + 1
    known = np.ones(count, bool)
    known[classes : classes + unlabelled] = False
    x, y = codes[known], named[known]
    k_means = KMeans(classes, n_init=50, tol=0, random_state=0).fit(codes)
    return {
        "data": data(codes),
        "labels": [int(label) if is_known else None for label, is_known in zip(named, known)],
        "silhouette": silhouette_score(x, y),
        "davies_bouldin": davies_bouldin_score(x, y),
        "calinski_harabasz": calinski_harabasz_score(x, y),
        "leave_one_out_accuracy": cross_val_score(KNeighborsClassifier(5), x, y, cv=LeaveOneOut()).mean(),
        "k": classes,
        "inertia": k_means.inertia_,
    }


def neighbourhood():
    originals, _ = blobs(60, 8, 3)
    embedding = float32(PCA(2).fit_transform(originals))
    measure = lambda a, b, k: trustworthiness(a, b, n_neighbors=k)
    by_k = [[k, measure(originals, embedding, k), measure(embedding, originals, k)] for k in (1, 5, 12)]
    return {"originals": data(originals), "embedding": data(embedding), "by_k": by_k}


def probe(count, width, classes):
    codes, labels = blobs(count, width, classes)
    # The optimum of the default solver too, which ends further from it.
    model = LogisticRegression(C=1, solver="newton-cholesky", tol=1e-12, max_iter=100_000).fit(codes, labels)
    weights = np.vstack([model.coef_.T, model.intercept_])
    return {
        "data": data(codes),
        "labels": labels.tolist(),
        "weights": weights.ravel().tolist(),
        "predicted": model.predict(codes).tolist(),
    }


def report(count, classes, predicted_classes):
    truth = random.integers(0, classes, count)
    is_right = random.random(count) < 0.6
    predicted = np.where(is_right, truth, random.integers(0, predicted_classes, count))
    measure = lambda average: precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)[:3]
    figures = np.concatenate([np.array(measure(None)).T.ravel(), measure("macro"), measure("weighted")])
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "accuracy": float(np.mean(truth == predicted)),
        "confusion": confusion_matrix(truth, predicted).tolist(),
        "figures": figures.tolist(),
    }


def regression(count, width, train, alpha):
    codes = float32(random.normal(size=(count, width)) + 2)
    targets = float32(codes @ random.normal(size=width) + random.normal(size=count) + 10)
    model = Ridge(alpha, solver="svd") if alpha else LinearRegression()
    model.fit(codes[:train], targets[:train])
    predicted = model.predict(codes[train:])
    return {
        "data": data(codes),
        "targets": targets.tolist(),
        "train": train,
        "alpha": alpha,
        "weights": model.coef_.tolist(),
        "bias": float(model.intercept_),
        "r2": r2_score(targets[train:], predicted),
        "mae": mean_absolute_error(targets[train:], predicted),
    }


def reconstruction():
    samples = float32(random.random((20, 6)))
    other = float32(samples + 0.1 * random.normal(size=samples.shape))
    mse = mean_squared_error(samples, other)
    return {
        "samples": data(samples),
        "reconstructions": data(other),
        "mse": mse,
        "mae": mean_absolute_error(samples, other),
        "explained_variance": r2_score(samples, other, multioutput="variance_weighted"),
        "psnr": float(10 * np.log10(1 / mse)),
    }


def intrinsic_dimension(count, dimension, width, copies):
    codes = float32(random.normal(size=(count, dimension)) @ random.normal(size=(dimension, width)))
    codes[:copies] = codes[copies : 2 * copies]
    # As scikit-dimension's TwoNN: a fit through the origin without the greatest tenth.
    distances, _ = NearestNeighbors(n_neighbors=3).fit(codes).kneighbors(codes)
    r1, r2 = distances[:, 1], distances[:, 2]
    mu = np.sort(r2[r1 > 0] / r1[r1 > 0])
    n = len(mu)
    mu = mu[: int(n * 0.9)]
    f = np.arange(len(mu)) / n
    model = LinearRegression(fit_intercept=False).fit(np.log(mu).reshape(-1, 1), -np.log(1 - f))
    return {"data": data(codes), "dimension": float(model.coef_[0])}


def kl():
    mu, logvar = float32(random.normal(size=(15, 4))), float32(random.normal(size=(15, 4)) - 1)
    by_dimension = ((mu**2 + np.exp(logvar) - logvar - 1) / 2).mean(axis=0)
    return {"mu": data(mu), "logvar": data(logvar), "by_dimension": by_dimension.tolist()}


def association(count, levels):
    categories = random.integers(0, 4, count)
    one = float32(random.normal(size=count) + categories)
    other = float32(one + random.normal(size=count))
    if levels:
        other = np.round(other * levels) / levels
    # From the F statistic of the analysis of variance.
    f = f_classif(one.reshape(-1, 1), categories)[0][0] * (len(np.unique(categories)) - 1)
    return {
        "one": one.tolist(),
        "other": other.tolist(),
        "categories": categories.tolist(),
        "pearson": pearsonr(one, other).statistic,
        "spearman": spearmanr(one, other).statistic,
        "correlation_ratio": float(np.sqrt(f / (f + count - len(np.unique(categories))))),
    }


def information():
    """As disentanglement_lib: `_histogram_discretize`, `discrete_mutual_info` and `mig`."""
    factors = [random.integers(0, 5, 200), random.integers(0, 3, 200)]
    dimensions = [
        float32(factors[0] + 0.3 * random.normal(size=200)),
        float32(factors[1] - 0.5 * factors[0] + 0.5 * random.normal(size=200)),
        float32(random.normal(size=200)),
    ]
    discretised = [np.digitize(column, np.histogram(column, 20)[1][:-1]) for column in dimensions]
    informations = np.array([[mutual_info_score(column, factor) for factor in factors] for column in discretised])
    entropies = [mutual_info_score(factor, factor) for factor in factors]
    ordered = np.sort(informations, axis=0)[::-1]
    return {
        "dimensions": [column.tolist() for column in dimensions],
        "factors": [factor.tolist() for factor in factors],
        "mutual_information": informations.tolist(),
        "gap": float(np.mean((ordered[0] - ordered[1]) / entropies)),
    }


def mixture(count, width, components, is_full):
    codes, _ = blobs(count, width, components, 2.5)
    assignments = KMeans(components, n_init=5, random_state=1).fit_predict(codes)
    shares = np.eye(components)[assignments]
    kind = "full" if is_full else "diag"
    added = 1e-6 * codes.var(axis=0).mean()
    settings = dict(covariance_type=kind, tol=1e-11, max_iter=5_000, reg_covar=added)
    # The start: the parameters of the clusters.
    start = GaussianMixture(components, **settings)
    start._initialize(codes, shares)
    model = GaussianMixture(
        components,
        weights_init=start.weights_ / start.weights_.sum(),
        means_init=start.means_,
        precisions_init=np.array([c @ c.T for c in start.precisions_cholesky_]) if is_full else start.precisions_cholesky_**2,
        **settings,
    ).fit(codes)
    return {
        "data": data(codes),
        "components": components,
        "is_full": is_full,
        "assignments": assignments.tolist(),
        "weights": model.weights_.tolist(),
        "log_likelihood": model.score(codes),
        "bic": model.bic(codes),
    }


print(
    json.dumps(
        {
            "clusters": [clusters(60, 3, 4, 5), clusters(40, 10, 2, 0), clusters(50, 1, 3, 0)],
            "neighbourhood": neighbourhood(),
            "probes": [probe(60, 4, 3), probe(40, 3, 2), probe(30, 40, 4)],
            "reports": [report(80, 4, 4), report(40, 3, 5), report(30, 1, 2)],
            "regressions": [regression(60, 5, 40, 1.0), regression(60, 5, 40, 0), regression(30, 50, 20, 2.0)],
            "reconstruction": reconstruction(),
            "intrinsic_dimensions": [intrinsic_dimension(150, 2, 6, 0), intrinsic_dimension(100, 4, 4, 3)],
            "kl": kl(),
            "associations": [association(60, 0), association(60, 1)],
            "information": information(),
            "mixtures": [mixture(120, 3, 3, True), mixture(120, 4, 3, False), mixture(60, 1, 2, True)],
        }
    )
)
