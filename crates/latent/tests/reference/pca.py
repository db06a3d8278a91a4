"""Principal components of small matrices by scikit-learn, in double precision: writes pca.json beside this file.

The matrices are made by integer arithmetic that the Rust test repeats, so that only results are stored.
"""

import json
import pathlib

import numpy as np
from sklearn.decomposition import PCA


def matrix(rows, width):
    """Whole numbers of 0 to 96 from a linear congruence, times a scale per column."""
    state, values = 12345, []
    for index in range(rows * width):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 8) % 97 * (1 + index % width % 5))
    return np.array(values, dtype=np.float64).reshape(rows, width)


cases = []
for rows, width, components in [(50, 6, 6), (40, 1, 1), (8, 20, 5), (120, 300, 4), (300, 280, 3)]:
    values = matrix(rows, width)
    pca = PCA(n_components=components, svd_solver="full").fit(values)
    cases.append({
        "rows": rows,
        "width": width,
        "explained_variance": pca.explained_variance_.tolist(),
        "explained_variance_ratio": pca.explained_variance_ratio_.tolist(),
        "first_entries": pca.components_[:, :3].ravel().tolist(),
        "first_coordinates": pca.transform(values)[:2].ravel().tolist(),
    })
path = pathlib.Path(__file__).with_name("pca.json")
path.write_text(json.dumps(cases, indent=1) + "\n")
