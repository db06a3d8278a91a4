"""Corruptions that blend values with their neighbours, of two pictures of two channels.

- blur: SciPy's Gaussian filter, cut off at three deviations; what it takes from outside the picture does not count, so
  the result is divided by what the same filter makes of ones
- down_scaling: the mean over the exact area of each of the fewer pixels, then the nearest of them
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
            file.head(name, shape=SHAPE, corruption={"noise": noise, "level": level})
    return file


def blur(plane, level):
    local = lambda values: gaussian_filter(values, 4 * level, mode="constant", truncate=3)  # noqa: E731
    return torch.from_numpy(local(plane.numpy()) / local(np.ones(plane.shape)))


def down_scaling(plane, level):
    few = [max(1, round((1 - level) * side)) for side in plane.shape]
    # Every pixel in as many equal pieces as there will be pixels: then each of those holds a whole number of pieces.
    pieces = plane.repeat_interleave(few[0], 0).repeat_interleave(few[1], 1)
    means = pieces.reshape(few[0], plane.shape[0], few[1], plane.shape[1]).mean((1, 3))
    return interpolate(means[None, None], plane.shape, mode="nearest-exact")[0, 0]
