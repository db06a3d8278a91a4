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
            nn.Conv2d(1, 16, 3, stride=2, padding=1),   # [16, 14, 14]
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),  # [32, 7, 7]
            nn.ReLU(),
            nn.Flatten(),                               # [1568]
            nn.Linear(1568, 64),                        # [64]
        )
        self.decoder = nn.Sequential(
            nn.Linear(64, 1568),                                                   # [1568]
            nn.ReLU(),
            nn.Unflatten(1, (32, 7, 7)),                                           # [32, 7, 7]
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1),  # [16, 14, 14]
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1, output_padding=1),   # [1, 28, 28]
            nn.Sigmoid(),
        )

    def forward(self, x):  # [1, 28, 28]
        return self.decoder(self.encoder(x))


def corrupt(x):
    """Gaussian noise of standard deviation 0.5 (Vincent et al. 2010)."""
    return (x + 0.5 * torch.randn_like(x)).clamp(0, 1)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.binary_cross_entropy(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=16, shuffle=True)
validation_loader = DataLoader(validation, batch_size=16)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.002)
steps = 4 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(4):
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
