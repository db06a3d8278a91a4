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
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 24, 3, stride=2, padding=1),   # [24, 14, 14]
            nn.ReLU(),
            nn.Conv2d(24, 48, 3, stride=2, padding=1),  # [48, 7, 7]
            nn.ReLU(),
            nn.Flatten(),                               # [2352]
            nn.Linear(2352, 64),                        # [64]
        )
        self.decoder = nn.Sequential(
            nn.Linear(64, 2352),                                                   # [2352]
            nn.ReLU(),
            nn.Unflatten(1, (48, 7, 7)),                                           # [48, 7, 7]
            nn.ConvTranspose2d(48, 24, 3, stride=2, padding=1, output_padding=1),  # [24, 14, 14]
            nn.ReLU(),
            nn.ConvTranspose2d(24, 1, 3, stride=2, padding=1, output_padding=1),   # [1, 28, 28]
            nn.Sigmoid(),
        )

    def forward(self, x):  # [1, 28, 28]
        return self.decoder(self.encoder(x))


def hidden_block(x, level):
    """True in a random rectangle with a share `level` of each picture's area (Pathak et al. 2016)."""
    samples, _, height, width = x.shape
    area = (level * torch.ones(samples) * height * width).clamp(min=1)
    aspect = 2 ** (2 * torch.rand(samples) - 1)
    rows = torch.maximum((area * aspect).sqrt().round(), (area / width).ceil()).clamp(max=height)
    columns = (area / rows).round().clamp(1, width)
    top = (torch.rand(samples) * (height - rows + 1)).floor()
    left = (torch.rand(samples) * (width - columns + 1)).floor()
    row, column = torch.arange(height), torch.arange(width)
    is_row = (row >= top[:, None]) & (row < (top + rows)[:, None])
    is_column = (column >= left[:, None]) & (column < (left + columns)[:, None])
    return is_row[:, None, :, None] & is_column[:, None, None, :]


def corrupt(x):
    """Hides a rectangle with a share 0.25 of the picture."""
    hidden = hidden_block(x, 0.25)
    return x.masked_fill(hidden, 0)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.binary_cross_entropy(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation, batch_size=32)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
steps = 8 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(8):
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
