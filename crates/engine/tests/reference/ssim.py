"""Writes ssim.json: measures by scikit-image of pictures that the Rust test makes by the same rule.

    python ssim.py > ssim.json        (scikit-image 0.26, NumPy 2)
"""

import json

import numpy as np
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity


def picture(height, width, seed):
    """Values 0 to 1 from integers alone, in blocks of 3x3, so that any language makes the same picture."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    return ((((y // 3) * 31 + (x // 3) * 17 + seed * 7) ** 2 % 251) / 250).astype(np.float32)


def noise(height, width, seed):
    """Values -0.5 to 0.5, different in every pixel, from integers alone."""
    i = np.arange(height * width, dtype=np.int64).reshape(height, width)
    return (((i * 7919 + seed * 104729) ** 2 % 1009) / 1008 - 0.5).astype(np.float32)


def case(height, width, seed, level):
    clean = picture(height, width, seed)
    other = (clean + np.float32(level) * noise(height, width, seed)).astype(np.float32)
    a, b = clean.astype(np.float64), other.astype(np.float64)
    ssim = structural_similarity(a, b, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    return {
        "height": height,
        "width": width,
        "seed": seed,
        "level": level,
        "mse": mean_squared_error(a, b),
        "psnr_db": peak_signal_noise_ratio(a, b, data_range=1),
        "ssim": ssim,
    }


cases = [case(28, 28, 1, 0.25), case(28, 28, 2, 1.0), case(28, 28, 3, 2.5), case(11, 11, 4, 0.5), case(17, 40, 5, 0.75)]
print(json.dumps(cases, indent=1))
