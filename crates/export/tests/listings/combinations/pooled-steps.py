import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class Transpose(nn.Module):
    """[samples, steps, features] to [samples, features, steps], which 1-D convolutions read, and back."""

    def forward(self, x):
        return x.transpose(1, 2)


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


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            Rows(),                                   # [16, 42]
            Transpose(),                              # [42, 16]
            nn.Conv1d(42, 8, 3, padding=1),           # [8, 16]
            nn.BatchNorm1d(8),
            nn.ELU(),
            nn.MaxPool1d(2, ceil_mode=True),          # [8, 8]
            nn.Conv1d(8, 6, 3, stride=2, padding=1),  # [6, 4]
            nn.BatchNorm1d(6),
            nn.ELU(),
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose1d(6, 8, 3, stride=2, padding=1, output_padding=1),  # [8, 8]
            nn.BatchNorm1d(8),
            nn.ELU(),
            nn.Upsample(16),                                                     # [8, 16]
            nn.Conv1d(8, 42, 3, padding=1),                                      # [42, 16]
            nn.Sigmoid(),
            Transpose(),                                                         # [16, 42]
            SequenceToPicture(3),                                                # [3, 16, 14]
        )

    def forward(self, x):  # [3, 16, 14]
        return self.decoder(self.encoder(x))


def corrupt(x):
    """Hides a share 0.25 of the columns."""
    count = 4
    hidden = torch.rand(len(x), 14).argsort(1) < count
    hidden = hidden[:, None, None, :]
    return x.masked_fill(hidden, 0)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.l1_loss(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)
scheduler = CosineAnnealingWarmRestarts(optimiser, 2 * len(training_loader), 2)

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
