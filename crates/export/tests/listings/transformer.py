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
            nn.Flatten(1, 2),    # [28, 28]
            nn.Linear(28, 32),   # [28, 32]
            PositionalEncoding(),
            nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True),
            nn.Flatten(),        # [896]
            nn.Linear(896, 32),  # [32]
        )
        self.decoder = nn.Sequential(
            nn.Linear(32, 896),         # [896]
            nn.ReLU(),
            nn.Unflatten(1, (28, 32)),  # [28, 32]
            PositionalEncoding(),
            nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True),
            nn.Linear(32, 28),          # [28, 28]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28)),   # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        return self.decoder(self.encoder(x))


def batch_loss(model, x):
    reconstruction = model(x)
    return F.binary_cross_entropy(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation, batch_size=32)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
steps = 3 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(3):
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
