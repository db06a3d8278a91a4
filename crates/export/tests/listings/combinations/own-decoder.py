import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class Transpose(nn.Module):
    """[samples, steps, features] to [samples, features, steps], which 1-D convolutions read, and back."""

    def forward(self, x):
        return x.transpose(1, 2)


class LSTM(nn.LSTM):
    """An LSTM that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]


class SequenceToPicture(nn.Module):
    """A sequence of rows, the channels of a row side by side, as a picture."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        return x.unflatten(2, (self.channels, -1)).transpose(1, 2)


class PositionalEncoding(nn.Module):
    """Adds sines (even features) and cosines (odd features) of the step (Vaswani et al. 2017)."""

    def forward(self, x):
        _, steps, features = x.shape
        feature = torch.arange(features)
        angle = torch.arange(steps)[:, None] / 10_000 ** (feature // 2 * 2 / features)
        return x + torch.where(feature % 2 == 0, angle.sin(), angle.cos())


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1),  # [8, 8, 7]
            nn.GroupNorm(1, 8),
            nn.ReLU(),
            nn.Flatten(),                             # [448]
            nn.Linear(448, 64),                       # [64]
            nn.ReLU(),
        )
        self.decoder = nn.Sequential(
            nn.Linear(64, 64),
            nn.Unflatten(1, (1, 8, 8)),     # [1, 8, 8]
            nn.GroupNorm(1, 1),
            nn.ReLU(),
            nn.Flatten(1, 2),               # [8, 8]
            Transpose(),                    # [8, 8]
            nn.Upsample(16),                # [8, 16]
            nn.Conv1d(8, 8, 3, padding=1),
            nn.GroupNorm(1, 8),
            nn.ReLU(),
            Transpose(),                    # [16, 8]
            PositionalEncoding(),
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True),
            LSTM(8, 12, batch_first=True),  # [16, 12]
            nn.Linear(12, 42),              # [16, 42]
            nn.Sigmoid(),
            SequenceToPicture(3),           # [3, 16, 14]
        )

    def forward(self, x):  # [3, 16, 14]
        return self.decoder(self.encoder(x))


def corrupt(x):
    """Gaussian noise of standard deviation 0.2 (Vincent et al. 2010)."""
    return x + 0.2 * torch.randn_like(x)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.mse_loss(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
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
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
