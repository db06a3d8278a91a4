import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
data = data[:10000]


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),         # [784]
            nn.Linear(784, 400),  # [400]
            nn.ReLU(),
        )
        self.mu = nn.Linear(400, 20)
        self.logvar = nn.Linear(400, 20)
        self.decoder = nn.Sequential(
            nn.Linear(20, 400),            # [400]
            nn.ReLU(),
            nn.Linear(400, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        h = self.encoder(x)  # [400]
        mu, logvar = self.mu(h), self.logvar(h).clamp(-12, 12)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if self.training else mu
        return self.decoder(z), mu, logvar


def batch_loss(model, x, beta=10.0):
    reconstruction, mu, logvar = model(x)
    reconstruction_loss = F.binary_cross_entropy(reconstruction, x)
    kl_divergence = (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2  # nats per sample
    return reconstruction_loss + beta * kl_divergence / 784


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=64, shuffle=True)
validation_loader = DataLoader(validation, batch_size=64)

model = Autoencoder()

optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
steps = 10 * len(training_loader)

step, best_loss = 0, float("inf")
for epoch in range(10):
    model.train()
    for x in training_loader:
        beta = 10.0 * min(step / (0.3 * steps), 1)
        loss = batch_loss(model, x, beta)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
