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


class Transpose(nn.Module):
    """[samples, steps, features] to [samples, features, steps], which 1-D convolutions read, and back."""

    def forward(self, x):
        return x.transpose(1, 2)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(1, 2),                           # [28, 28]
            Transpose(),                                # [28, 28]
            nn.Conv1d(28, 32, 3, stride=2, padding=1),  # [32, 14]
            nn.ReLU(),
            nn.Conv1d(32, 64, 3, stride=2, padding=1),  # [64, 7]
            nn.ReLU(),
            Transpose(),                                # [7, 64]
            nn.Flatten(),                               # [448]
            nn.Linear(448, 32),                         # [32]
        )
        self.decoder = nn.Sequential(
            nn.Linear(32, 448),                                                    # [448]
            nn.ReLU(),
            nn.Unflatten(1, (7, 64)),                                              # [7, 64]
            Transpose(),                                                           # [64, 7]
            nn.ConvTranspose1d(64, 32, 3, stride=2, padding=1, output_padding=1),  # [32, 14]
            nn.ReLU(),
            nn.ConvTranspose1d(32, 28, 3, stride=2, padding=1, output_padding=1),  # [28, 28]
            nn.Sigmoid(),
            Transpose(),                                                           # [28, 28]
            nn.Unflatten(1, (1, 28)),                                              # [1, 28, 28]
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
steps = 6 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(6):
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
