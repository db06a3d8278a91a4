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
            nn.Flatten(),         # [784]
            nn.Linear(784, 400),  # [400]
            nn.ReLU(),
            nn.Linear(400, 8),    # [8]
        )
        self.decoder = nn.Sequential(
            nn.Linear(8, 400),             # [400]
            nn.ReLU(),
            nn.Linear(400, 784),           # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        code = self.encoder(x)  # [8]
        return self.decoder(code), code


def batch_loss(model, x):
    reconstruction, code = model(x)
    return F.binary_cross_entropy(reconstruction, x), code


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=64, shuffle=True)
validation_loader = DataLoader(validation, batch_size=64)

model = Autoencoder()
discriminator = nn.Sequential(
    nn.Linear(8, 128),  # [128]
    nn.LeakyReLU(),
    nn.Linear(128, 128),
    nn.LeakyReLU(),
    nn.Linear(128, 1),  # [1]
)

optimiser = torch.optim.Adam(model.parameters(), lr=0.0015)
discriminator_optimiser = torch.optim.Adam(discriminator.parameters(), lr=0.0015)
steps = 16 * len(training_loader)
scheduler = CosineAnnealingLR(optimiser, steps)
discriminator_scheduler = CosineAnnealingLR(discriminator_optimiser, steps)

best_loss = float("inf")
for epoch in range(16):
    model.train()
    for x in training_loader:
        loss, code = batch_loss(model, x)
        loss = loss - 0.01 * F.logsigmoid(discriminator(code)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

        of_prior = F.logsigmoid(discriminator(torch.randn_like(code))).mean()
        of_codes = F.logsigmoid(-discriminator(code.detach())).mean()
        discriminator_loss = -(of_prior + of_codes) / 2
        discriminator_optimiser.zero_grad()
        discriminator_loss.backward()
        discriminator_optimiser.step()
        scheduler.step()
        discriminator_scheduler.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x)[0].item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
