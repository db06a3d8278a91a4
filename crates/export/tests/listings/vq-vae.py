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
            nn.Conv2d(32, 8, 3, padding=1),             # [8, 7, 7]
        )
        self.codebook = nn.Parameter(torch.empty(64, 8).uniform_(-1 / 64, 1 / 64))
        self.decoder = nn.Sequential(
            nn.Conv2d(8, 32, 3, padding=1),                                        # [32, 7, 7]
            nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1),  # [16, 14, 14]
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1, output_padding=1),   # [1, 28, 28]
            nn.Sigmoid(),
        )

    def forward(self, x):  # [1, 28, 28]
        z_e = self.encoder(x)  # [8, 7, 7]
        vectors = z_e.permute(0, 2, 3, 1)  # channels last
        nearest = torch.cdist(vectors.flatten(0, 2), self.codebook).argmin(1)
        z_q = self.codebook[nearest].view_as(vectors).permute(0, 3, 1, 2)
        code = z_e + (z_q - z_e).detach()  # z_q, whose gradient goes straight to z_e
        return self.decoder(code), z_e, z_q


def batch_loss(model, x):
    reconstruction, z_e, z_q = model(x)
    reconstruction_loss = F.binary_cross_entropy(reconstruction, x)
    quantisation_loss = F.mse_loss(z_q, z_e.detach()) + 0.25 * F.mse_loss(z_e, z_q.detach())
    return reconstruction_loss + quantisation_loss


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
