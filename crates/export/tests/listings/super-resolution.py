import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
data = data[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleList([
            nn.Sequential(
                nn.Conv2d(1, 16, 3, stride=2, padding=1),  # [16, 14, 14]
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.Conv2d(16, 32, 3, stride=2, padding=1),  # [32, 7, 7]
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.Conv2d(32, 64, 3, stride=2, padding=1),  # [64, 4, 4]
                nn.ReLU(),
            ),
        ])
        self.decoder = nn.ModuleList([
            nn.Sequential(
                nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1),  # [32, 7, 7]
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.ConvTranspose2d(64, 16, 3, stride=2, padding=1, output_padding=1),  # [16, 14, 14]
                nn.ReLU(),
            ),
            nn.Sequential(
                nn.ConvTranspose2d(32, 1, 3, stride=2, padding=1, output_padding=1),  # [1, 28, 28]
                nn.Sigmoid(),
            ),
        ])

    def forward(self, x):  # [1, 28, 28]
        down_1 = self.encoder[0](x)  # [16, 14, 14]
        down_2 = self.encoder[1](down_1)  # [32, 7, 7]
        code = self.encoder[2](down_2)  # [64, 4, 4]
        up = self.decoder[0](code)  # [32, 7, 7]
        up = self.decoder[1](torch.cat([up, down_2], 1))  # [16, 14, 14]
        return self.decoder[2](torch.cat([up, down_1], 1))


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
    """Lower resolution, by a share 0.75 of the pixels per axis."""
    return down_scale(x, 0.75)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.binary_cross_entropy(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation, batch_size=32)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.002)
steps = 5 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        loss = batch_loss(model, x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
