import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
labels = ...  # [samples], 0 to 9, or -1 for a sample without a label
# pen width, slant in standard deviations from the mean, nan where it is missing
attributes = ...  # [samples, 2]
data = data[:10000]
labels = labels[:10000]
attributes = attributes[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),         # [784]
            nn.Linear(784, 256),  # [256]
            nn.ReLU(),
        )
        self.mu = nn.Linear(256, 16)
        self.logvar = nn.Linear(256, 16)
        self.decoder = nn.Sequential(
            nn.Linear(16, 256),            # [256]
            nn.ReLU(),
            nn.Linear(256, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )
        self.regression = nn.Linear(16, 1)

    def forward(self, x):  # [1, 28, 28]
        h = self.encoder(x)  # [256]
        mu, logvar = self.mu(h), self.logvar(h).clamp(-12, 12)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if self.training else mu
        return self.decoder(z), mu, logvar, self.regression(z)


def known_squared_error(prediction, target):
    """Mean squared error over the samples whose target is not nan; 0 if there is none (Locatello et al. 2020)."""
    known = ~target.isnan()
    return (prediction[known] - target[known]).square().sum() / known.sum().clamp(min=1)


def batch_loss(model, x, labels, attributes):
    reconstruction, mu, logvar, prediction = model(x)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    kl_divergence = (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2  # nats per sample
    regression_loss = known_squared_error(prediction[:, 0], attributes[:, 0])
    tie_1 = known_squared_error(mu[:, 0], attributes[:, 1])
    tie_2 = F.cross_entropy(mu[:, 2:12], labels, ignore_index=-1)
    tie_3 = known_squared_error(mu[:, 1], attributes[:, 0])
    tying_loss = tie_1 + tie_2 + tie_3
    return reconstruction_loss + kl_divergence / 784 + 0.01 * regression_loss + 0.5 * tying_loss


training, validation = random_split(TensorDataset(data, labels, attributes), [0.9, 0.1])
training_loader = DataLoader(training, batch_size=256, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for step_x, step_labels, step_attributes in training_loader:
        optimiser.zero_grad()
        for x, labels, attributes in zip(step_x.split(128), step_labels.split(128), step_attributes.split(128)):
            loss = batch_loss(model, x, labels, attributes)
            share = len(x) / len(step_x)
            (share * loss).backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x, labels, attributes).item() for x, labels, attributes in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
