import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import ChainedScheduler, ExponentialLR, LinearLR
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class GRU(nn.GRU):
    """A GRU that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]


class LSTM(nn.LSTM):
    """An LSTM that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]


class LastStep(nn.Module):
    """The last step of a sequence."""

    def forward(self, x):
        return x[:, -1]


class Repeat(nn.Module):
    """A vector, repeated as a sequence of equal steps."""

    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, x):
        return x.unsqueeze(1).expand(-1, self.steps, -1)


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
            Rows(),                          # [16, 42]
            GRU(42, 12, batch_first=True),   # [16, 12]
            nn.Dropout(0.1),
            LSTM(12, 10, batch_first=True),  # [16, 10]
            nn.Dropout(0.1),
            LastStep(),                      # [10]
        )
        self.mu = nn.Sequential(
            nn.Linear(10, 6),  # [6]
            nn.Dropout(0.1),
        )
        self.logvar = nn.Linear(10, 6)
        self.decoder = nn.Sequential(
            Repeat(16),                     # [16, 6]
            LSTM(6, 10, batch_first=True),  # [16, 10]
            nn.Dropout(0.1),
            GRU(10, 12, batch_first=True),  # [16, 12]
            nn.Dropout(0.1),
            nn.Linear(12, 42),              # [16, 42]
            nn.Sigmoid(),
            SequenceToPicture(3),           # [3, 16, 14]
        )

    def forward(self, x):  # [3, 16, 14]
        h = self.encoder(x)  # [10]
        mu, logvar = self.mu(h), self.logvar(h).clamp(-12, 12)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if self.training else mu
        return self.decoder(z), z, mu, logvar


def total_correlation(z, mu, logvar):
    """Total correlation of a code in nats per sample, estimated on the batch (Chen et al. 2018)."""
    z, mu, logvar = z[:256], mu[:256], logvar[:256]
    posterior = torch.distributions.Normal(mu, torch.exp(logvar / 2))
    log_density = posterior.log_prob(z[:, None])  # [samples of z, samples of the posterior, units]
    joint = log_density.sum(2).logsumexp(1) - math.log(len(z))
    product = (log_density.logsumexp(1) - math.log(len(z))).sum(1)
    return (joint - product).mean()


def orthogonality(code):
    """Mean squared correlation of two units of the code (after Cogswell et al. 2016)."""
    code = code.flatten(1)
    samples, units = code.shape
    standardised = (code - code.mean(0)) / (code.var(0, correction=0) + 1e-8).sqrt()
    correlations = standardised.T @ standardised / samples
    return (correlations * (1 - torch.eye(units))).square().sum() / max(units * (units - 1), 1)


def batch_loss(model, x, beta=4.0):
    reconstruction, z, mu, logvar = model(x)
    reconstruction_loss = F.mse_loss(reconstruction, x)
    kl_divergence = (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2  # nats per sample
    total_correlation_penalty = total_correlation(z, mu, logvar)
    orthogonality_penalty = orthogonality(z)
    loss = reconstruction_loss
    loss = loss + beta * kl_divergence / 672
    loss = loss + 0.01 * total_correlation_penalty / 672
    loss = loss + 0.01 * orthogonality_penalty
    return loss


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = torch.optim.RMSprop(model.parameters(), lr=0.001)
steps = 5 * len(training_loader)
warm_up_steps = max(round(0.1 * steps), 1)
warm_up = LinearLR(optimiser, 1 / warm_up_steps, total_iters=warm_up_steps - 1)
scheduler = ChainedScheduler([warm_up, ExponentialLR(optimiser, 0.9 ** (1 / len(training_loader)))])

step, best_loss = 0, float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        beta = 4.0 * min(step / (0.5 * steps), 1)
        loss = batch_loss(model, x, beta)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        scheduler.step()
        step += 1
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
