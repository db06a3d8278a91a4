import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
# slant, pen width in standard deviations from the mean, nan where it is missing
attributes = ...  # [samples, 2]
data = data[:10000]
attributes = attributes[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),         # [784]
            nn.Linear(784, 256),  # [256]
            nn.ReLU(),
            nn.Linear(256, 16),   # [16]
        )
        self.decoder = nn.Sequential(
            nn.Linear(16, 256),            # [256]
            nn.ReLU(),
            nn.Linear(256, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        code = self.encoder(x)  # [16]
        return self.decoder(code), code


def known_squared_error(prediction, target):
    """Mean squared error over the samples whose target is not nan; 0 if there is none (Locatello et al. 2020)."""
    known = ~target.isnan()
    return (prediction[known] - target[known]).square().sum() / known.sum().clamp(min=1)


def batch_loss(model, x, attributes):
    reconstruction, code = model(x)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    tie_1 = known_squared_error(code[:, 0], attributes[:, 0])
    tie_2 = known_squared_error(code[:, 1], attributes[:, 1])
    tying_loss = tie_1 + tie_2
    return reconstruction_loss + 0.01 * tying_loss


training, validation = random_split(TensorDataset(data, attributes), [0.9, 0.1])
training_loader = DataLoader(training, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation, batch_size=32)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.002)
steps = 7 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)

best_loss = float("inf")
for epoch in range(7):
    model.train()
    for x, attributes in training_loader:
        loss = batch_loss(model, x, attributes)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x, attributes).item() for x, attributes in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
