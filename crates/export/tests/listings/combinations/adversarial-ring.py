import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader

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


def down_scale(x, level):
    """Averages pictures to a share 1 - `level` of the pixels per axis, and repeats the means."""

    def matrix(side):
        small = max(round((1 - level) * side), 1)
        edge = torch.arange(small + 1)[:, None] * side / small  # of the large pixels
        pixel = torch.arange(side)
        covered = torch.minimum(pixel + 1, edge[1:]) - torch.maximum(pixel, edge[:-1])
        means = covered.clamp(min=0) * small / side
        return means[(2 * pixel + 1) * small // (2 * side)]

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T


def corrupt(x):
    """Lower resolution, by a share 0 to 0.5 of the pixels per axis."""
    return torch.cat([down_scale(picture, 0.5 * torch.rand(()).item()) for picture in x.split(1)])


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction, code = model(noisy)
    return F.mse_loss(reconstruction, x), code


def ring(samples, size):
    """Ten normal clusters on the unit circle of the first two dimensions (Makhzani et al. 2016)."""
    angle = 2 * math.pi * torch.randint(10, (samples,)) / 10
    centre = F.pad(torch.stack([angle.cos(), angle.sin()], 1), (0, size - 2))
    return centre + 0.1 * torch.randn(samples, size)


training = data
training_loader = DataLoader(training, batch_size=64, shuffle=True)

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
steps = 5 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)
discriminator_scheduler = CosineAnnealingLR(discriminator_optimiser, steps)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    training_loss = 0
    for step_x in training_loader:
        optimiser.zero_grad()
        discriminator_optimiser.zero_grad()
        trained = [weight for weight in model.parameters() if weight.requires_grad]
        for x in step_x.split(32):
            loss, code = batch_loss(model, x)
            loss = loss - 0.003 * F.logsigmoid(discriminator(code)).mean()
            share = len(x) / len(step_x)
            (share * loss).backward(inputs=trained)
            training_loss += len(x) * loss.item() / len(training)
            of_prior = F.logsigmoid(discriminator(ring(*code.shape))).mean()
            of_codes = F.logsigmoid(-discriminator(code.detach())).mean()
            discriminator_loss = -(of_prior + of_codes) / 2
            (share * discriminator_loss).backward()
        optimiser.step()
        discriminator_optimiser.step()
        scheduler.step()
        discriminator_scheduler.step()
    print(f"epoch {epoch + 1}: training loss {training_loss:.5f}")
    if training_loss < best_loss:
        best_loss, best_weights = training_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest training loss
