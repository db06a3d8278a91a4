# The listing does not continue the run: it trains all epochs from the model's weights, without the
# epochs already done, the optimiser's moments and the best loss so far.
# The preparation of the table is left out: `data` holds its rows after scaling and one-hot
# encoding, and a missing value counts in the loss as any other.
# Columns are hidden value by value: the values of a one-hot encoded column are not hidden together.
# Gradient checkpointing is left out: it saves memory and changes no result (PyTorch's is
# torch.utils.checkpoint).
import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

data = ...  # [samples, 12], prepared rows of a table


class Transpose(nn.Module):
    """[samples, steps, features] to [samples, features, steps], which 1-D convolutions read, and back."""

    def forward(self, x):
        return x.transpose(1, 2)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Unflatten(1, (1, 12)),                 # [1, 12]
            nn.Conv1d(1, 4, 3, stride=2, padding=1),  # [4, 6]
            nn.ReLU(),
            Transpose(),                              # [6, 4]
            nn.Flatten(),                             # [24]
            nn.Linear(24, 4),                         # [4]
        )
        self.decoder = nn.Sequential(
            nn.Linear(4, 24),                                                    # [24]
            nn.ReLU(),
            nn.Unflatten(1, (6, 4)),                                             # [6, 4]
            Transpose(),                                                         # [4, 6]
            nn.ConvTranspose1d(4, 1, 3, stride=2, padding=1, output_padding=1),  # [1, 12]
            nn.Flatten(),                                                        # [12]
        )

    def forward(self, x):  # [12]
        return self.decoder(self.encoder(x))


def corrupt(x):
    """Hides a share 0.2 of the columns."""
    count = 2
    hidden = torch.rand(len(x), 12).argsort(1) < count
    return x.masked_fill(hidden, 0)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.mse_loss(reconstruction, x)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

trained = ...  # state_dict() of the model that is trained further
model = Autoencoder()
model.load_state_dict(trained)

optimiser = torch.optim.Adam(model.parameters(), lr=0.001)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        loss = batch_loss(model, x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        losses = [len(x) * batch_loss(model, x).item() for x in validation_loader]
    validation_loss = sum(losses) / len(validation)
    print(f"epoch {epoch + 1}: validation loss {validation_loss:.5f}")
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
