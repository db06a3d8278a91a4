import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import ChainedScheduler, CosineAnnealingLR, LinearLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 3, 16, 14], values from 0 to 1
data = data[:10000]


class Residual(nn.Sequential):
    """Layers whose output is added to their input (He et al. 2016)."""

    def forward(self, x):
        return x + super().forward(x)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),    # [8, 16, 14]
            nn.BatchNorm2d(8),
            nn.SiLU(),
            nn.MaxPool2d(2, ceil_mode=True),  # [8, 8, 7]
            Residual(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1)),
            nn.SiLU(),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.SiLU(),
            nn.Flatten(),                     # [448]
            nn.Linear(448, 16),               # [16]
            nn.LeakyReLU(),
        )
        self.decoder = nn.Sequential(
            nn.Linear(16, 448),             # [448]
            nn.Unflatten(1, (8, 8, 7)),     # [8, 8, 7]
            nn.BatchNorm2d(8),
            nn.SiLU(),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.SiLU(),
            Residual(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1)),
            nn.SiLU(),
            nn.Upsample((16, 14)),          # [8, 16, 14]
            nn.Conv2d(8, 3, 3, padding=1),  # [3, 16, 14]
            nn.Sigmoid(),
        )

    def forward(self, x):  # [3, 16, 14]
        code = self.encoder(x)  # [16]
        return self.decoder(code), code


def down_scale(x, level):
    """Averages pictures to a share 1 - `level` of the pixels per axis, and repeats the means."""

    def matrix(side):
        small = max(round((1 - level) * side), 1)
        edge = torch.arange(small + 1)[:, None] * side / small  # of the large pixels
        pixel = torch.arange(side)
        covered = torch.minimum(pixel + 1, edge[1:]) - torch.maximum(pixel, edge[:-1])
        means = covered.clamp(min=0) * small / side
        return means[(2 * pixel + 1) * small // (2 * side)]

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T


def corrupt(x):
    """Lower resolution, by a share 0.6 of the pixels per axis."""
    return down_scale(x, 0.6)


def ssim(a, b):
    """Structural similarity (Wang et al. 2004) under Gaussian windows of 11x11, the mean over all positions."""
    weights = torch.exp(-0.5 * (torch.arange(-5, 6) / 1.5) ** 2)
    weights = weights / weights.sum()
    channels = a.shape[1]
    window = torch.outer(weights, weights).expand(channels, 1, 11, 11)

    def local_mean(values):
        return F.conv2d(values, window, groups=channels)

    mu_a, mu_b = local_mean(a), local_mean(b)
    variances = local_mean(a**2) - mu_a**2 + local_mean(b**2) - mu_b**2
    covariance = local_mean(a * b) - mu_a * mu_b
    brightness = (2 * mu_a * mu_b + 0.01**2) / (mu_a**2 + mu_b**2 + 0.01**2)
    structure = (2 * covariance + 0.03**2) / (variances + 0.03**2)
    return (brightness * structure).mean()


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction, code = model(noisy)
    reconstruction_loss = 1 - ssim(reconstruction, x)
    l1_penalty = code.abs().mean()
    return 2.0 * reconstruction_loss + 0.01 * l1_penalty


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()
model.encoder.requires_grad_(False)

groups = [
    {"params": model.decoder.parameters(), "lr": 0.001},
]
optimiser = torch.optim.AdamW(groups, lr=0.001, weight_decay=0.0)
average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99), use_buffers=True)  # of the weights, validated and kept
steps = 5 * len(training_loader)
warm_up_steps = max(round(0.1 * steps), 1)
warm_up = LinearLR(optimiser, 1 / warm_up_steps, total_iters=warm_up_steps - 1)
scheduler = ChainedScheduler([warm_up, CosineAnnealingLR(optimiser, steps)])

best_loss = float("inf")
for epoch in range(5):
    model.train()
    model.encoder.eval()  # it is frozen, statistics included
    for x in training_loader:
        loss = batch_loss(model, x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        scheduler.step()
        average.update_parameters(model)
    average.module.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(average.module, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(average.module.state_dict())
average.module.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
