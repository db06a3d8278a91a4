"""PyTorch's figure for the article's network on MNIST, to compare the engine with.

    python article_mnist.py TRAIN_IMAGES TEST_IMAGES [SEED ...]

784-256-64-256-784, ReLU (on the code too), sigmoid, mean squared error, Adam 1e-3, batch 128, 5 epochs over all
60,000 training images, PyTorch's default initial weights. Prints one JSON line a seed: the mean squared error over
the 10,000 test images. PyTorch 2 on the CPU, one thread.
"""

import gzip
import json
import sys

import numpy as np
import torch
from torch import nn

EPOCHS, BATCH_SIZE, LEARNING_RATE = 5, 128, 1e-3


def read_idx(path):
    """An IDX file of images as floats in 0 to 1, one image a row."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        magic, count, height, width = np.frombuffer(file.read(16), ">u4")
        assert magic == 0x803, path
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, height * width)
    return torch.from_numpy(pixels.astype(np.float32) / 255)


def article():
    return nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU(),
        nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 784), nn.Sigmoid(),
    )  # fmt: skip


def test_mse(train, test, seed):
    torch.manual_seed(seed)
    network = article()
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(train)).split(BATCH_SIZE):
            images = train[batch]
            loss = nn.functional.mse_loss(network(images), images)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return nn.functional.mse_loss(network(test), test).item()


def main():
    torch.set_num_threads(1)
    train, test = read_idx(sys.argv[1]), read_idx(sys.argv[2])
    for seed in [int(text) for text in sys.argv[3:]] or [0, 1, 2]:
        print(json.dumps({"seed": seed, "test_mse": round(test_mse(train, test, seed), 5)}), flush=True)


if __name__ == "__main__":
    main()
