"""Makes scaling.json: what scikit-learn makes of small columns.

    python scaling.py > scaling.json

`standard`: StandardScaler fitted on the rows in `training` (missing numbers left out), applied to all; `one_hot`:
OneHotEncoder (categories by frequency, then text; unknown ones all zeros), fitted and applied likewise; `quantile`:
QuantileTransformer to a normal distribution, 200 different numbers fitted with 200 quantiles, and its scores of the 100
in the middle.
"""

import json
from collections import Counter

import numpy as np
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler

random = np.random.default_rng(7)
training = list(range(20))
numbers = [float(np.float32(x)) for x in np.concatenate([random.normal(50, 12, 29), [1e4]])]
large = [float(np.float32(x)) for x in random.normal(1e6, 3, 30)]
same = [0.1] * 20 + [float(x) for x in range(10)]
columns = []
for values in [numbers, large, [float(np.float32(x)) for x in same]]:
    array = np.array(values).reshape(-1, 1)
    scaler = StandardScaler().fit(array[training])
    columns.append({"values": values, "features": scaler.transform(array).ravel().tolist()})
categories = [str(x) for x in random.choice(["tcp", "udp", "icmp", "arp"], 20, p=[0.5, 0.3, 0.15, 0.05])] + ["sctp", "tcp"] * 5
counts = Counter(categories[:20])
order = sorted(counts, key=lambda value: (-counts[value], value))
encoder = OneHotEncoder(categories=[order], handle_unknown="ignore", sparse_output=False)
array = np.array(categories).reshape(-1, 1)
one_hot = encoder.fit(array[training]).transform(array)
spread = [float(np.float32(x)) for x in random.lognormal(0, 1, 200)]
transformer = QuantileTransformer(n_quantiles=200, output_distribution="normal", subsample=None)
scores = transformer.fit_transform(np.array(spread).reshape(-1, 1)).ravel()
middle = np.argsort(spread)[50:150].tolist()
print(json.dumps({
    "training": training, "standard": columns, "categories": categories, "order": order, "one_hot": one_hot.tolist(),
    "spread": spread, "middle": middle, "scores": [float(scores[i]) for i in middle],
}))  # fmt: skip
