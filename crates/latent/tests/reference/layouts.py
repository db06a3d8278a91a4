"""Quality and speed of our t-SNE and UMAP beside scikit-learn, openTSNE and umap-learn. Writes layouts.json beside this
file, which PERFORMANCE.md quotes.

    python layouts.py DATA PROJECT [digits] [mnist] [fashion] [usps] [speed]

DATA is a folder with `digits8x8`, `mnist`, `fashion-mnist` and `usps`; PROJECT is the example `project` of this crate,
built with `cargo build --release -p pinhole-latent --example project`. Everything runs on one thread.

Quality is trustworthiness with 5 and with 12 neighbours (Venna and Kaski 2001), and the accuracy with which the five
nearest points on the map tell a point's label. Settings were chosen on digits and MNIST; fashion and usps were looked at
once, at the end. Speed is measured in turns on 10,000 and 2,000 vectors of 64 numbers: the first principal components of
MNIST's test images. It is given in seconds of processor time, which other programs on the machine disturb little, and
Numba compiles before the clock starts.
"""

import os

for name in ["OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[name] = "1"

import gzip
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import openTSNE
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")
SEEDS = [0, 1, 2]


def idx(path):
    """An IDX file of bytes."""
    content = gzip.open(path).read()
    shape = [int.from_bytes(content[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def read(data, name):
    """Vectors and labels."""
    if name == "digits":
        table = np.loadtxt(gzip.open(data / "digits8x8/digits.csv.gz"), delimiter=",")
        return table[:, :64].astype(np.float32), table[:, 64].astype(int)
    images, labels = {
        "mnist": ("mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"),
        "fashion": ("fashion-mnist/fashion-900-images-idx3-ubyte.gz", "fashion-mnist/fashion-900-labels-idx1-ubyte.gz"),
        "usps": ("usps/usps-train-images16-idx3-ubyte.gz", "usps/usps-train-labels-idx1-ubyte.gz"),
    }[name]
    pictures = idx(data / images)
    return pictures.reshape(len(pictures), -1).astype(np.float32) / 255, idx(data / labels).astype(int)


def ours(project, vectors, method, seed, iterations=None):
    """Positions and what the program prints."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "vectors", pathlib.Path(folder) / "positions"
        vectors.astype("<f4").tofile(source)
        command = [project, source, vectors.shape[1], method, seed, target] + ([iterations] if iterations else [])
        output = subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout
        return np.fromfile(target, "<f4").reshape(-1, 2), json.loads(output)


LAYOUTS = {
    "t-SNE": {
        "pinhole": lambda x, seed, project: ours(project, x, "tsne", seed)[0],
        "scikit-learn": lambda x, seed, _: TSNE(random_state=seed, n_jobs=1).fit_transform(x),
        "openTSNE": lambda x, seed, _: np.asarray(openTSNE.TSNE(random_state=seed, n_jobs=1).fit(x)),
    },
    "UMAP": {
        "pinhole": lambda x, seed, project: ours(project, x, "umap", seed)[0],
        "umap-learn": lambda x, seed, _: umap.UMAP(random_state=seed, n_jobs=1).fit_transform(x),
    },
}


def ranks_of(vectors):
    """Rank of each vector among every other's neighbours, from 1."""
    distances = pairwise_distances(vectors)
    np.fill_diagonal(distances, -1)
    ranks = np.empty(distances.shape, np.uint16)
    order = np.arange(len(vectors), dtype=np.uint16)
    for row, line in enumerate(distances):
        ranks[row, np.argsort(line, kind="stable")] = order
    return ranks


def quality_of(positions, ranks, labels):
    """Trustworthiness with 5 and 12 neighbours, and accuracy of five neighbours."""
    count = len(positions)
    nearest = NearestNeighbors(n_neighbors=13).fit(positions).kneighbors(return_distance=False)
    figures = {}
    for k in [5, 12]:
        excess = np.take_along_axis(ranks, nearest[:, :k], 1).astype(int) - k
        figures[f"trust_{k}"] = 1 - excess[excess > 0].sum() * 2 / (count * k * (2 * count - 3 * k - 1))
    votes = [np.bincount(labels[row]).argmax() for row in nearest[:, :5]]
    figures["accuracy_5"] = float(np.mean(np.array(votes) == labels))
    return figures


def quality(data, project, name):
    """Mean figures of each program's maps of a set."""
    vectors, labels = read(data, name)
    ranks = ranks_of(vectors)
    result = {}
    for method, programs in LAYOUTS.items():
        for program, layout in programs.items():
            # The other programs take minutes for each of the larger sets.
            seeds = SEEDS if program == "pinhole" or len(vectors) < 2_000 else SEEDS[:1]
            figures = [quality_of(layout(vectors, seed, project), ranks, labels) for seed in seeds]
            mean = {key: round(float(np.mean([line[key] for line in figures])), 4) for key in figures[0]}
            result.setdefault(method, {})[program] = mean
            print(name, method, program, mean, flush=True)
    return result


def seconds(run):
    """Seconds of processor time of this process and of those that it starts."""
    def used():
        return sum(resource.getrusage(who).ru_utime for who in [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN])

    start = used()
    run()
    return used() - start


def speed(data, project):
    codes = PCA(64, random_state=0).fit_transform(read(data, "mnist")[0]).astype(np.float32)
    umap.UMAP(random_state=0, n_jobs=1).fit_transform(codes[:500])
    umap.UMAP(random_state=0, n_jobs=1).fit_transform(codes[:5_000])
    result = {}
    for count in [10_000, 2_000]:
        x = codes[:count]
        rounds = []
        for seed in SEEDS if count < 5_000 else SEEDS[:1]:
            rounds.append({
                "pinhole t-SNE": seconds(lambda: ours(project, x, "tsne", seed, 500)),
                "pinhole UMAP": seconds(lambda: ours(project, x, "umap", seed)),
                "scikit-learn t-SNE": seconds(lambda: TSNE(max_iter=500, random_state=seed, n_jobs=1).fit_transform(x)),
                "umap-learn": seconds(lambda: umap.UMAP(random_state=seed, n_jobs=1).fit_transform(x)),
            })
            print(count, rounds[-1], flush=True)
        figures = {key: round(float(np.median([line[key] for line in rounds])), 3) for key in rounds[0]}
        figures["t-SNE, share of scikit-learn"] = round(figures["pinhole t-SNE"] / figures["scikit-learn t-SNE"], 3)
        figures["UMAP, share of umap-learn"] = round(figures["pinhole UMAP"] / figures["umap-learn"], 3)
        result[f"{count} x 64"] = figures
        print(count, figures, flush=True)
    return result


def main():
    data, project, parts = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
    path = pathlib.Path(__file__).with_name("layouts.json")
    result = json.loads(path.read_text()) if path.exists() else {}
    for part in parts or ["digits", "mnist", "fashion", "usps", "speed"]:
        if part == "speed":
            result["speed"] = speed(data, project)
        else:
            result.setdefault("quality", {})[part] = quality(data, project, part)
        path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
