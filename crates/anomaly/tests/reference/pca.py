"""Writes pca.json: residuals from scikit-learn's principal components, each kept by v / (v + 1).

    python pca.py > pca.json        (scikit-learn 1.9, NumPy 2)
"""

import json

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(3)
rows = random.normal(size=(40, 3)) @ random.normal(size=(3, 6)) + 0.3 * random.normal(size=(40, 6))
rows = np.hstack([rows * [1, 10, 100, 0.1, 1, 1] + [0, 5, 1000, 0, -3, 0], np.full((40, 1), 2.5)])
rows = rows.round(3).astype(np.float32)

standardised = StandardScaler().fit_transform(rows.astype(np.float64))
pca = PCA(svd_solver="full").fit(standardised)
# scikit-learn divides by n - 1.
variance = pca.explained_variance_ * (len(rows) - 1) / len(rows)
codes = pca.transform(standardised)
residuals = standardised - pca.inverse_transform(codes * variance / (variance + 1))
print(json.dumps({
    "width": rows.shape[1],
    "rows": rows.ravel().tolist(),
    "scores": (residuals**2).mean(axis=1).tolist(),
    "residuals": residuals.ravel().tolist(),
}))
