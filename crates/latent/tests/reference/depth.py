"""Why maps are flat: maps of two and of three dimensions of scikit-learn's 1,797 digits, and the latter as they are seen.

    python depth.py

A screen shows a map of three dimensions from one side at a time. Accuracy is that of the five nearest points (ten folds),
trustworthiness is with 12 neighbours; "seen" is their mean, and the greatest, over 20 random sides. Printed with
scikit-learn 1.9 and umap-learn 0.5, rounded, accuracy then trustworthiness:

METHOD  two        three      seen       greatest
PCA     .618 .830  .736 .914  .526 .804  .597 .831
t-SNE   .978 .992  .984 .995  .796 .899  .874 .937
UMAP    .977 .989  .976 .992  .963 .974  .983 .985
"""

import warnings

import numpy as np
import umap
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

SIDES = 20
LAYOUTS = {
    "PCA": lambda vectors, dimensions: PCA(dimensions).fit_transform(vectors),
    "t-SNE": lambda vectors, dimensions: TSNE(dimensions, random_state=0).fit_transform(vectors),
    "UMAP": lambda vectors, dimensions: umap.UMAP(n_components=dimensions, random_state=0).fit_transform(vectors),
}


def quality(vectors, labels, positions):
    accuracy = cross_val_score(KNeighborsClassifier(5), positions, labels, cv=10).mean()
    return accuracy, trustworthiness(vectors, positions, n_neighbors=12)


def sides(positions):
    """What is seen of a map of three dimensions from random sides."""
    generator = np.random.default_rng(0)
    for _ in range(SIDES):
        turn, _ = np.linalg.qr(generator.normal(size=(3, 3)))
        yield (positions @ turn)[:, :2]


def main():
    warnings.filterwarnings("ignore")
    vectors, labels = load_digits(return_X_y=True)
    print("METHOD  two        three      seen       greatest")
    for name, layout in LAYOUTS.items():
        two, three = (quality(vectors, labels, layout(vectors, dimensions)) for dimensions in (2, 3))
        seen = np.array([quality(vectors, labels, side) for side in sides(layout(vectors, 3))])
        columns = [two, three, seen.mean(axis=0), seen.max(axis=0)]
        print(f"{name:<7}", "  ".join(f"{accuracy:.3f} {trust:.3f}".replace("0.", ".") for accuracy, trust in columns))


if __name__ == "__main__":
    main()
