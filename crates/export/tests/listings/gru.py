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


class GRU(nn.GRU):
    """A GRU that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]


class LastStep(nn.Module):
    """The last step of a sequence."""

    def forward(self, x):
        return x[:, -1]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(1, 2),               # [28, 28]
            GRU(28, 64, batch_first=True),  # [28, 64]
            LastStep(),                     # [64]
            nn.Linear(64, 32),              # [32]
        )
        self.decoder = nn.Sequential(
            nn.Linear(32, 256),            # [256]
            nn.ReLU(),
            nn.Linear(256, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        return self.decoder(self.encoder(x))


def batch_loss(model, x):
    reconstruction = model(x)
    return F.binary_cross_entropy(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=16, shuffle=True)
validation_loader = DataLoader(validation, batch_size=16)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.004)
steps = 11 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(11):
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
