"""Corruptions by linear filters, of two pictures of two channels.

- blur: SciPy's Gaussian filter, truncated at three standard deviations; pixels outside the picture are ignored: the
  result is divided by that of the same filter for ones
- down_scaling: the mean over the exact area of each of the fewer pixels, then nearest-neighbour interpolation
"""

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch.nn.functional import interpolate

from fixture import File, seed_by

SHAPE = {"channels": 2, "height": 9, "width": 12}


def fixture():
    file = File()
    for noise, corrupt in (("blur", blur), ("down_scaling", down_scaling)):
        for level in (0.1, 0.4, 0.75):
            name = f"{noise}_{level}"
            seed_by(name)
            clean = torch.rand(2, *SHAPE.values())
            corrupted = torch.stack([corrupt(plane.double(), level) for plane in clean.flatten(0, 1)])
            file.record(name, {"clean": clean.flatten(1), "corrupted": corrupted.reshape(2, -1)})
            file.spec(name, shape=SHAPE, corruption={"noise": noise, "level": level})
    return file


def blur(plane, level):
    local = lambda values: gaussian_filter(values, 4 * level, mode="constant", truncate=3)  # noqa: E731
    return torch.from_numpy(local(plane.numpy()) / local(np.ones(plane.shape)))


def down_scaling(plane, level):
    counts = [max(1, round((1 - level) * side)) for side in plane.shape]
    # Each pixel is split into as many equal pieces as there will be pixels, each of which is then whole pieces.
    pieces = plane.repeat_interleave(counts[0], 0).repeat_interleave(counts[1], 1)
    means = pieces.reshape(counts[0], plane.shape[0], counts[1], plane.shape[1]).mean((1, 3))
    return interpolate(means[None, None], plane.shape, mode="nearest-exact")[0, 0]
