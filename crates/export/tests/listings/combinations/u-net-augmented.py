import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleList([
            nn.Sequential(
                nn.Conv2d(3, 8, 3, padding=1),    # [8, 16, 14]
                nn.GroupNorm(4, 8),
                nn.ReLU(),
                nn.MaxPool2d(2, ceil_mode=True),  # [8, 8, 7]
            ),
            nn.Sequential(
                nn.Conv2d(8, 8, 3, stride=2, padding=1),  # [8, 4, 4]
                nn.GroupNorm(4, 8),
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.Flatten(),  # [128]
            ),
        ])
        self.mu = nn.Linear(128, 8)
        self.logvar = nn.Linear(128, 8)
        self.decoder = nn.ModuleList([
            nn.Sequential(
                nn.Linear(8, 128),           # [128]
                nn.Unflatten(1, (8, 4, 4)),  # [8, 4, 4]
                nn.GroupNorm(4, 8),
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=(1, 0)),  # [8, 8, 7]
                nn.GroupNorm(4, 8),
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.Upsample((16, 14)),           # [16, 16, 14]
                nn.Conv2d(16, 3, 3, padding=1),  # [3, 16, 14]
                nn.Sigmoid(),
            ),
        ])
        self.output_logvar = nn.Parameter(torch.tensor(-3.0))

    def forward(self, x):  # [3, 16, 14]
        down_1 = self.encoder[0](x)  # [8, 8, 7]
        down_2 = self.encoder[1](down_1)  # [8, 4, 4]
        h = self.encoder[2](down_2)  # [128]
        mu, logvar = self.mu(h), self.logvar(h).clamp(-12, 12)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if self.training else mu
        up = self.decoder[0](z)  # [8, 4, 4]
        up = self.decoder[1](torch.cat([up, down_2], 1))  # [8, 8, 7]
        return self.decoder[2](torch.cat([up, down_1], 1)), mu, logvar


def blur(x, sigma):
    """Gaussian blur of standard deviation `sigma`, in pixels; what lies outside the picture is ignored."""

    def matrix(side):
        distance = (torch.arange(side)[:, None] - torch.arange(side)).abs()
        weights = torch.exp(-0.5 * (distance / sigma) ** 2) * (distance <= math.floor(3 * sigma + 0.5))
        return weights / weights.sum(1, keepdim=True)

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T


def corrupt(x):
    """Gaussian blur of standard deviation 0 to 2.0 pixels."""
    return torch.cat([blur(picture, 2.0 * torch.rand(()).item()) for picture in x.split(1)])


def smooth_field(samples, height, width):
    """Random fields, smoothed by a Gaussian of 4 pixels, of standard deviation 1 (Simard et al. 2003)."""
    weights = torch.exp(-0.5 * (torch.arange(-8, 9) / 4) ** 2)
    kernel = torch.outer(weights, weights)[None, None]
    uniform = 2 * torch.rand(samples, 1, height, width) - 1
    variance = F.conv2d(torch.full((1, 1, height, width), 1 / 3), kernel**2, padding=8)
    return (F.conv2d(uniform, kernel, padding=8) / variance.sqrt()).squeeze(1)


def augment(x):
    """Pictures, each shifted by up to 2.0 pixels, rotated by up to 10.0 degrees, distorted by up to 3.0 pixels."""
    samples, _, height, width = x.shape
    uniform = lambda limit: limit * (2 * torch.rand(samples, 1, 1) - 1)
    row = torch.arange(height)[:, None] - (height - 1) / 2
    column = torch.arange(width) - (width - 1) / 2
    angle = uniform(math.radians(10.0))
    across = angle.cos() * column + angle.sin() * row + uniform(2.0)
    down = angle.cos() * row - angle.sin() * column + uniform(2.0)
    strength = uniform(3.0).abs()
    across = across + strength * smooth_field(samples, height, width)
    down = down + strength * smooth_field(samples, height, width)
    grid = torch.stack([2 * across / (width - 1), 2 * down / (height - 1)], -1)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=True)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction, mu, logvar = model(noisy)
    reconstruction_loss = F.gaussian_nll_loss(reconstruction, x, model.output_logvar.exp().expand_as(x), full=True)
    kl_divergence = (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2  # nats per sample
    return reconstruction_loss + kl_divergence / 672


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        x = augment(x)
        loss = batch_loss(model, x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
        best_epoch = epoch
    elif epoch - best_epoch >= 3:
        break
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
