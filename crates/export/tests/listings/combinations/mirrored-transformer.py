import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class Rows(nn.Module):
    """A picture as a sequence of its rows, the channels of a row side by side."""

    def forward(self, x):
        return x.transpose(1, 2).flatten(2)


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
            nn.Conv2d(3, 4, 3, padding=1),  # [4, 16, 14]
            nn.ReLU(),
            Rows(),                         # [16, 56]
            nn.Linear(56, 8),               # [16, 8]
            PositionalEncoding(),
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True),
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True),
            nn.Linear(8, 4),                # [16, 4]
        )
        self.codebook = nn.Parameter(torch.empty(16, 4).uniform_(-1 / 16, 1 / 16))
        self.decoder = nn.Sequential(
            nn.Linear(4, 8),                # [16, 8]
            nn.ReLU(),
            PositionalEncoding(),
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True),
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True),
            nn.Linear(8, 56),               # [16, 56]
            nn.ReLU(),
            SequenceToPicture(4),           # [4, 16, 14]
            nn.Conv2d(4, 3, 3, padding=1),  # [3, 16, 14]
            nn.Sigmoid(),
        )

    def forward(self, x):  # [3, 16, 14]
        z_e = self.encoder(x)  # [16, 4]
        nearest = torch.cdist(z_e.reshape(-1, 4), self.codebook).argmin(1)
        z_q = self.codebook[nearest].view_as(z_e)
        code = z_e + (z_q - z_e).detach()  # z_q, whose gradient goes straight to z_e
        return self.decoder(code), z_e, z_q


def corrupt(x):
    """Hides a share 0 to 0.5 of the steps, the rows of a picture."""
    count = (0.5 * torch.rand(len(x), 1) * 16).round().clamp(min=1)
    hidden = torch.rand(len(x), 16).argsort(1) < count
    hidden = hidden[:, None, :, None]
    return x.masked_fill(hidden, 0)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction, z_e, z_q = model(noisy)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    quantisation_loss = F.mse_loss(z_q, z_e.detach()) + 0.25 * F.mse_loss(z_e, z_q.detach())
    return reconstruction_loss + quantisation_loss


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)

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
