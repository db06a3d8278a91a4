"""Trains the classifier of the feature-matching loss, and writes its features and reference values of the loss.

    python feature_network.py MNIST_FOLDER FEATURES.safetensors CASES.json        (PyTorch 2.15, one to two minutes)

A classifier of MNIST's digits: 3x3 convolutions 1-8-16-12, the last two of stride 2, and a linear layer to ten classes;
8,878 weights. The loss compares the outputs of its first two convolutions, so only those are kept (1,248 weights). They
are scaled so that the features of each layer have the variance of the pixels over the training images (a positive factor
passes through a ReLU): then layers and pixels have equal weight. Seeded; the loss of the cases is in f64.

The files in the repository come from

    python feature_network.py mnist ../../src/objective/reconstruction/features.safetensors feature_matching.json
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

EPOCHS, BATCH = 12, 128


def idx(path, header):
    return torch.from_numpy(np.frombuffer(gzip.open(path).read(), np.uint8, offset=header).copy())


def mnist(folder, part):
    images = idx(folder / f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).float() / 255
    return images, idx(folder / f"{part}-labels-idx1-ubyte.gz", 8).long()


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.third = nn.Conv2d(16, 12, 3, stride=2, padding=1)
        self.head = nn.Linear(12 * 7 * 7, 10)

    def features(self, images):
        first = F.relu(self.first(images))
        return first, F.relu(self.second(first))

    def forward(self, images):
        return self.head(F.relu(self.third(self.features(images)[1])).flatten(1))


def train(images, labels):
    network = Classifier()
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for epoch in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimiser.zero_grad()
            F.cross_entropy(network(images[batch]), labels[batch]).backward()
            optimiser.step()
        print(f"epoch {epoch + 1} of {EPOCHS}", file=sys.stderr)
    return network


@torch.no_grad()
def scale_features(network, images):
    """Scales both layers so that their features have the variance of the pixels (the mean over channels)."""
    for layer in range(2):
        variance = network.features(images)[layer].var(dim=(0, 2, 3)).mean()
        factor = (images.var() / variance).sqrt()
        convolution = (network.first, network.second)[layer]
        convolution.weight.mul_(factor)
        convolution.bias.mul_(factor)


def picture(channels, height, width, seed):
    """Values 0 to 1 from integers alone, in blocks of 3x3, so that any language makes the same picture."""
    c, y, x = np.mgrid[:channels, :height, :width].astype(np.int64)
    return torch.from_numpy((((y // 3) * 31 + (x // 3) * 17 + c * 13 + seed * 7) ** 2 % 251) / 250)[None]


def case(network, channels, height, width, seed):
    target, other = picture(channels, height, width, seed), picture(channels, height, width, seed + 1)
    pairs = zip(*(network.features(image.mean(1, keepdim=True)) for image in (target, other)))
    layers = [F.mse_loss(*pair).item() for pair in pairs]
    loss = F.mse_loss(target, other).item() + sum(layers) / len(layers)
    return {"channels": channels, "height": height, "width": width, "seed": seed, "layers": layers, "loss": loss}


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    images, labels = mnist(folder, "train")
    network = train(images, labels)
    with torch.no_grad():
        test_images, test_labels = mnist(folder, "t10k")
        accuracy = (network(test_images).argmax(1) == test_labels).float().mean().item()
    print(f"test accuracy {accuracy:.4f}", file=sys.stderr)
    scale_features(network, images[:10_000])
    features = {name: value.detach().contiguous() for name, value in network.state_dict().items()
            if name.startswith(("first", "second"))}  # fmt: skip
    save_file(features, sys.argv[2])
    with torch.no_grad():
        network.double()
        cases = [case(network, *size) for size in [(1, 28, 28, 1), (1, 17, 22, 2), (3, 16, 16, 3)]]
    pathlib.Path(sys.argv[3]).write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
