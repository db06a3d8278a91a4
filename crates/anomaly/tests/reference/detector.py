"""The default anomaly detector in NumPy, PyTorch and scikit-learn, with which the results in `detector/recipe.rs` and
`detector/ensemble.rs` were measured. Labels are used only to score.

    python detector.py P|U [members] [steps] [tables,comma,separated]

Semi-supervised (P): autoencoder and nearest neighbours, fitted on normal rows.
Unsupervised (U): an isolation forest selects the 70 % least anomalous rows; the
autoencoder and the neighbours are fitted on those; all three are members.
Every member gives one score per row, standardised by its mean and deviation
over the training rows; those constants are kept, so that new rows can be scored.
"""
import glob, gzip, os, sys, time
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np, torch
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
torch.set_num_threads(1)

HIDDEN, CODE, DROP = 128, 64, .2
STEPS, LR, WARMUP, BATCH, MEMBERS = 1000, 5e-3, .05, 256, 1
KEEP, TREES, SUBSAMPLE = .7, 100, 256
NEIGHBOURS, REFERENCES = 5, 2000


def net_fit(X, steps, seed):
    """d-128-64-128-d on the rows X (float32 tensor); returns row -> mean squared error."""
    g = torch.Generator().manual_seed(seed)
    n, d = X.shape
    sizes = [d, HIDDEN, CODE, HIDDEN, d]
    P = []
    for i, o in zip(sizes, sizes[1:]):
        for shape in ((i, o), (o,)):                      # uniform in +-1/sqrt(fan in), biases too
            P.append(((torch.rand(shape, generator=g) * 2 - 1) / i ** .5).requires_grad_())
    adam = torch.optim.Adam(P, lr=LR)                     # betas .9 .999, eps 1e-8

    def forward(x, train):
        for k in range(4):
            x = x @ P[2 * k] + P[2 * k + 1]
            if k < 3:
                x = torch.relu(x)
                if train:
                    x = x * (torch.rand(x.shape, generator=g) >= DROP) / (1 - DROP)
        return x

    batch, at, order = min(BATCH, n), n, None
    for t in range(steps):
        if at + batch > n:                                # reshuffle; the short tail is dropped
            order, at = torch.randperm(n, generator=g), 0
        x = X[order[at:at + batch]]
        at += batch
        lr = LR * min(1, (t + 1) / (WARMUP * steps)) * .5 * (1 + np.cos(np.pi * t / steps))
        adam.param_groups[0]["lr"] = lr
        loss = ((forward(x, True) - x) ** 2).mean()
        adam.zero_grad(); loss.backward(); adam.step()

    def score(Z):
        with torch.no_grad():
            return np.concatenate([((forward(z, False) - z) ** 2).mean(1).numpy() for z in Z.split(4096)])
    return score


def neighbour_distance(refs, Z, own):
    """Distance to the fifth nearest reference; own[i] >= 0 says which reference row i itself is."""
    out, k = np.empty(len(Z)), min(NEIGHBOURS, len(refs) - 1)
    for a in range(0, len(Z), 1000):
        z = Z[a:a + 1000]
        D = (z ** 2).sum(1)[:, None] + (refs ** 2).sum(1)[None] - 2 * z @ refs.T
        o = own[a:a + 1000]
        D[np.where(o >= 0)[0], o[o >= 0]] = np.inf
        out[a:a + 1000] = np.sqrt(np.maximum(np.partition(D, k - 1, 1)[:, k - 1], 0))
    return out


def fit(X, unsupervised, seed, members=MEMBERS, steps=STEPS):
    """Fits on the rows X; returns (new rows, same=True where they are X itself) -> parts by name."""
    n, parts, calib = len(X), {}, {}
    forest, kept = None, np.arange(n)
    if unsupervised:
        forest = IsolationForest(n_estimators=TREES, max_samples=min(SUBSAMPLE, n), random_state=seed).fit(X)
        kept = np.sort(np.argsort(-forest.score_samples(X), kind="stable")[:max(2, int(KEEP * n))])
    mean, dev = X[kept].mean(0), X[kept].std(0)
    dev = np.maximum(dev, .05 * X.std(0))                 # a column nearly constant among the kept
    dev[dev < 1e-12] = 1
    prepare = lambda R: np.clip((R - mean) / dev, -1e3, 1e3)
    Z = prepare(X)
    K = torch.tensor(Z[kept], dtype=torch.float32)
    nets = [net_fit(K, steps, 1000 * seed + m) for m in range(members)]
    ref = np.random.RandomState(seed).permutation(kept)[:REFERENCES]
    own = np.full(n, -1); own[ref] = np.arange(len(ref))

    def raw(R, same):
        Q = prepare(R); T = torch.tensor(Q, dtype=torch.float32)
        p = {"net": np.log(np.mean([s(T) for s in nets], 0) + 1e-12),
             "near": np.log(neighbour_distance(Z[ref], Q, own if same else np.full(len(Q), -1)) + 1e-6)}
        if unsupervised:
            p["forest"] = -forest.score_samples(R)        # 2^(-depth / c), no logarithm
        return p
    for k, v in raw(X, True).items():                     # over all training rows, kept or not
        calib[k] = v.mean(), max(v.std(), 1e-9)

    def parts(R, same=False):
        p = {k: (v - calib[k][0]) / calib[k][1] for k, v in raw(R, same).items()}
        p["all"] = np.mean(list(p.values()), 0)
        if unsupervised: p["net+forest"] = p["net"] + p["forest"]
        return p
    return parts


def tables():
    here = os.path.dirname(os.path.abspath(__file__))
    for f in sorted(glob.glob(os.path.join(here, "../../../../../shared/data/adbench/*.csv*"))):
        with (gzip.open if f.endswith("gz") else open)(f, "rt") as h:
            a = np.loadtxt(h, delimiter=",", skiprows=1)
        yield os.path.basename(f).split(".")[0].split("_", 1)[1], a[:, :-1], a[:, -1].astype(int)


def main():
    unsupervised = sys.argv[1] == "U"
    members = int(sys.argv[2]) if len(sys.argv) > 2 else MEMBERS
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else STEPS
    only = sys.argv[4].split(",") if len(sys.argv) > 4 else None
    total = {}
    for name, X, y in tables():
        if only and name not in only: continue
        t0, got = time.time(), {}
        for seed in range(3):
            if unsupervised:
                train, test, l = X, X, y
            else:
                n = np.random.RandomState(seed).permutation(np.where(y == 0)[0]); k = round(.7 * len(n))
                te = np.concatenate([n[k:], np.where(y == 1)[0]])
                train, test, l = X[n[:k]], X[te], y[te]
            for part, s in fit(train, unsupervised, seed, members, steps)(test, unsupervised).items():
                got.setdefault(part, []).append((roc_auc_score(l, s), average_precision_score(l, s)))
        print(name.ljust(13), *[f"{p} {np.mean(v, 0)[0]:.4f}/{np.mean(v, 0)[1]:.3f} sd {np.std(v, 0)[0]:.3f}  " for p, v in got.items()],
              f"{(time.time() - t0) / 3:.1f} s", flush=True)
        for p, v in got.items(): total.setdefault(p, []).append(np.array(v))
    print("mean".ljust(13), *[f"{p} {np.mean(v, (0, 1))[0]:.4f}/{np.mean(v, (0, 1))[1]:.3f} by seed {np.round(np.mean(v, 0)[:, 0], 4)}  " for p, v in total.items()])


if __name__ == "__main__":
    main()
