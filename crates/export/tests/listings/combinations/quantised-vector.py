import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
labels = ...  # [samples], 0 to 9, or -1 for a sample without a label
data = data[:10000]
labels = labels[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),        # [784]
            nn.Linear(784, 48),  # [48]
            nn.ReLU(),
        )
        self.codebook = nn.Parameter(torch.empty(16, 8).uniform_(-1 / 16, 1 / 16))
        self.decoder = nn.Sequential(
            nn.Linear(48, 784),            # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )
        self.head = nn.Linear(48, 10)

    def forward(self, x):  # [1, 28, 28]
        z_e = self.encoder(x)  # [48]
        nearest = torch.cdist(z_e.reshape(-1, 8), self.codebook).argmin(1)
        z_q = self.codebook[nearest].view_as(z_e)
        code = z_e + (z_q - z_e).detach()  # z_q, whose gradient goes straight to z_e
        return self.decoder(code), z_e, z_q, self.head(code)


def corrupt(x):
    """Masking noise: a share 0 to 0.5 of the values becomes 0 (Vincent et al. 2008)."""
    hidden = torch.rand_like(x) < 0.5 * torch.rand(len(x), 1, 1, 1)
    return x.masked_fill(hidden, 0)


def batch_loss(model, x, labels):
    noisy = corrupt(x)
    reconstruction, z_e, z_q, logits = model(noisy)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    quantisation_loss = F.mse_loss(z_q, z_e.detach()) + F.mse_loss(z_e, z_q.detach())
    classification_loss = F.cross_entropy(logits, labels, ignore_index=-1)
    return reconstruction_loss + quantisation_loss + 0.1 * classification_loss


training, validation = random_split(TensorDataset(data, labels), [0.9, 0.1])
training_loader = DataLoader(training, batch_size=64, shuffle=True)
validation_loader = DataLoader(validation, batch_size=16)

model = Autoencoder()

groups = [
    {"params": [*model.encoder.parameters(), model.codebook], "lr": 0.1 * 0.001},
    {"params": model.decoder.parameters(), "lr": 0.001},
    {"params": model.head.parameters(), "lr": 0.001},
]
optimiser = torch.optim.Adam(groups, lr=0.001)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for step_x, step_labels in training_loader:
        optimiser.zero_grad()
        for x, labels in zip(step_x.split(16), step_labels.split(16)):
            loss = batch_loss(model, x, labels)
            share = len(x) / len(step_x)
            (share * loss).backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x, labels).item() for x, labels in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
