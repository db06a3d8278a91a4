import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
data = data[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),         # [784]
            nn.Linear(784, 256),  # [256]
            nn.ReLU(),
            nn.Linear(256, 3),    # [3]
        )
        self.decoder = nn.Sequential(
            nn.Linear(3, 256),             # [256]
            nn.ReLU(),
            nn.Linear(256, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        code = self.encoder(x)  # [3]
        return self.decoder(code), code


def blur(x, sigma):
    """Gaussian blur of standard deviation `sigma`, in pixels; what lies outside the picture is ignored."""

    def matrix(side):
        distance = (torch.arange(side)[:, None] - torch.arange(side)).abs()
        weights = torch.exp(-0.5 * (distance / sigma) ** 2) * (distance <= math.floor(3 * sigma + 0.5))
        return weights / weights.sum(1, keepdim=True)

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T


def corrupt(x):
    """Gaussian blur of standard deviation 2.0 pixels."""
    return blur(x, 2.0)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction, code = model(noisy)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    return 0.0 * reconstruction_loss, code


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()
discriminator = nn.Sequential(
    nn.Linear(3, 16),  # [16]
    nn.LeakyReLU(),
    nn.Linear(16, 16),
    nn.LeakyReLU(),
    nn.Linear(16, 1),  # [1]
)

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)
discriminator_optimiser = torch.optim.Adam(discriminator.parameters(), lr=0.001)
plateau = ReduceLROnPlateau(optimiser, factor=0.5, patience=0, threshold=0)
discriminator_plateau = ReduceLROnPlateau(discriminator_optimiser, factor=0.5, patience=0, threshold=0)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        loss, code = batch_loss(model, x)
        loss = loss - 0.003 * F.logsigmoid(discriminator(code)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

        of_prior = F.logsigmoid(discriminator(2 * torch.rand_like(code) - 1)).mean()
        of_codes = F.logsigmoid(-discriminator(code.detach())).mean()
        discriminator_loss = -(of_prior + of_codes) / 2
        discriminator_optimiser.zero_grad()
        discriminator_loss.backward()
        discriminator_optimiser.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x)[0].item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    plateau.step(validation_loss)
    discriminator_plateau.step(validation_loss)
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
