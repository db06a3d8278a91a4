"""Results of PyTorch on MNIST, to compare the engine with at equal settings.

    python mnist.py FOLDER [TASK ...] [--seed N ...]        (PyTorch 2 on the CPU, one thread)

FOLDER holds MNIST's four .gz files. All train on the 60,000 images with Adam 1e-3 in batches of 128, from PyTorch's
default initial weights, and are tested on the 10,000 test images. Prints one JSON line per task and seed:

- article: 784-256-64-256-784, ReLU (on the code too), sigmoid, mean squared error, 5 epochs
- linear-code: the same without the ReLU on the code
- denoise-0.2, denoise-0.5: two convolutions of stride 2 (32, 64 channels) and two transposed ones, ReLU, sigmoid, mean
  squared error, Gaussian noise that is not clipped, 5 epochs; PSNR of the mean squared error, mean SSIM
- vae: 784-400-20-400-784, Bernoulli, 10 epochs; mean negative evidence lower bound in nats, one z per image
- plane: article with a linear code of 2; leave-one-out accuracy of five nearest neighbours on the test codes
"""

import argparse
import gzip
import json
import math
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import KNeighborsClassifier
from torch import nn
from torch.nn import functional

BATCH_SIZE, LEARNING_RATE = 128, 1e-3


def read_idx(path):
    """The bytes of an IDX file in its shape."""
    with gzip.open(path, "rb") as file:
        axes = file.read(4)[3]
        shape = [int.from_bytes(file.read(4), "big") for _ in range(axes)]
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def read_images(path):
    """Floats from 0 to 1, one image per row."""
    return torch.from_numpy(read_idx(path).astype(np.float32) / 255).flatten(1)


def train(network, images, epochs, loss):
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(BATCH_SIZE):
            optimiser.zero_grad()
            loss(network, images[batch]).backward()
            optimiser.step()
    return network.requires_grad_(False)


def reconstruction_error(network, images):
    return functional.mse_loss(network(images), images)


def dense(code, code_activation):
    return nn.Sequential(
        nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, code), code_activation),
        nn.Sequential(nn.Linear(code, 256), nn.ReLU(), nn.Linear(256, 784), nn.Sigmoid()),
    )


def reconstruct(code_activation, data):
    network = train(dense(64, code_activation), data.train, 5, reconstruction_error)
    return {"test_mse": reconstruction_error(network, data.test).item()}


class ConvDenoiser(nn.Sequential):
    def __init__(self):
        down = dict(kernel_size=3, stride=2, padding=1)
        super().__init__(
            nn.Conv2d(1, 32, **down), nn.ReLU(), nn.Conv2d(32, 64, **down), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, output_padding=1, **down), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, output_padding=1, **down), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, images):
        return super().forward(images.view(-1, 1, 28, 28)).flatten(1)


def denoise(sigma, data):
    noisy = lambda images: images + sigma * torch.randn_like(images)  # noqa: E731
    error = lambda network, images: functional.mse_loss(network(noisy(images)), images)  # noqa: E731
    network = train(ConvDenoiser(), data.train, 5, error)
    denoised = torch.cat([network(noisy(images)) for images in data.test.split(1000)])
    mse = functional.mse_loss(denoised, data.test).item()
    return {"psnr_db": -10 * math.log10(mse), "ssim": ssim(denoised, data.test)}


def ssim(one, other):
    """Mean over images; Gaussian window of 11x11 and sigma 1.5 where all of it fits (Wang et al. 2004)."""
    offsets = torch.arange(11, dtype=torch.float64) - 5
    window = torch.exp(-(offsets**2) / (2 * 1.5**2))
    window = (torch.outer(window, window) / window.sum() ** 2)[None, None]

    def of(a, b):
        local = lambda values: functional.conv2d(values, window)  # noqa: E731
        a, b = (rows.double().view(-1, 1, 28, 28) for rows in (a, b))
        mean_a, mean_b = local(a), local(b)
        variances = local(a * a) + local(b * b) - mean_a**2 - mean_b**2
        covariance = local(a * b) - mean_a * mean_b
        index = (2 * mean_a * mean_b + 1e-4) * (2 * covariance + 9e-4)
        return (index / ((mean_a**2 + mean_b**2 + 1e-4) * (variances + 9e-4))).mean((1, 2, 3))

    return torch.cat([of(a, b) for a, b in zip(one.split(1000), other.split(1000))]).mean().item()


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.code = nn.Linear(784, 400), nn.Linear(400, 40)
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def nats(self, images):
        """Reconstruction error and KL divergence in nats, means over images."""
        mu, logvar = self.code(torch.relu(self.encoder(images))).chunk(2, 1)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
        reconstruction = functional.binary_cross_entropy_with_logits(self.decoder(z), images, reduction="sum")
        kl_divergence = (mu**2 + logvar.exp() - 1 - logvar).sum() / 2
        return reconstruction / len(images), kl_divergence / len(images)


def vae(data):
    network = train(Vae(), data.train, 10, lambda network, images: sum(network.nats(images)))
    reconstruction, kl_divergence = (nats.item() for nats in network.nats(data.test))
    terms = {"reconstruction": reconstruction, "kl_divergence": kl_divergence}
    return {"negative_elbo_nats": reconstruction + kl_divergence, **terms}


def plane(data):
    network = train(dense(2, nn.Identity()), data.train, 5, reconstruction_error)
    codes = network[0](data.test).numpy()
    # Six neighbours, of which the nearest is the code itself.
    nearest = KNeighborsClassifier(6).fit(codes, data.labels).kneighbors(codes, return_distance=False)[:, 1:]
    predictions = np.array([np.bincount(data.labels[row], minlength=10).argmax() for row in nearest])
    accuracy = float((predictions == data.labels).mean())
    return {"test_mse": reconstruction_error(network, data.test).item(), "five_neighbours": accuracy}


TASKS = {
    "article": lambda data: reconstruct(nn.ReLU(), data),
    "linear-code": lambda data: reconstruct(nn.Identity(), data),
    "denoise-0.2": lambda data: denoise(0.2, data),
    "denoise-0.5": lambda data: denoise(0.5, data),
    "vae": vae,
    "plane": plane,
}


class Data:
    def __init__(self, folder):
        self.train = read_images(folder / "train-images-idx3-ubyte.gz")
        self.test = read_images(folder / "t10k-images-idx3-ubyte.gz")
        self.labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz").astype(np.int64)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("tasks", nargs="*", default=list(TASKS))
    arguments.add_argument("--seed", type=int, nargs="+", default=[0, 1, 2])
    arguments = arguments.parse_args()
    torch.set_num_threads(1)
    data = Data(arguments.folder)
    for task in arguments.tasks:
        for seed in arguments.seed:
            torch.manual_seed(seed)
            rounded = {name: round(value, 5) for name, value in TASKS[task](data).items()}
            print(json.dumps({"task": task, "seed": seed, **rounded}), flush=True)


if __name__ == "__main__":
    main()
