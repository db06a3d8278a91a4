import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
data = data[:10000]


class Residual(nn.Sequential):
    """Layers whose output is added to their input (He et al. 2016)."""

    def forward(self, x):
        return x + super().forward(x)


class Highway(nn.Module):
    """A dense layer whose output is blended with its input by a gate (Srivastava et al. 2015)."""

    def __init__(self, width):
        super().__init__()
        self.transform = nn.Linear(width, width)
        self.gate = nn.Linear(width, width)
        nn.init.constant_(self.gate.bias, -1.0)  # nearly closed at first

    def forward(self, x):
        gate = torch.sigmoid(self.gate(x))
        return gate * torch.relu(self.transform(x)) + (1 - gate) * x


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),        # [784]
            nn.Linear(784, 64),  # [64]
            nn.GroupNorm(1, 64),
            nn.GELU(),
            nn.Dropout(0.1),
            Highway(64),
            nn.Dropout(0.1),
            Residual(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64)),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(64, 16),   # [16]
            nn.Sigmoid(),
            nn.Dropout(0.1),
        )
        self.decoder = nn.Sequential(
            nn.Linear(16, 64),             # [64]
            nn.GroupNorm(1, 64),
            nn.GELU(),
            nn.Dropout(0.1),
            Residual(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64)),
            nn.GELU(),
            nn.Dropout(0.1),
            Highway(64),
            nn.Dropout(0.1),
            nn.Linear(64, 784),            # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        code = self.encoder(x)  # [16]
        return self.decoder(code), code


def hidden_block(x, level):
    """True in a random rectangle with a share `level` of each picture's area (Pathak et al. 2016)."""
    samples, _, height, width = x.shape
    area = (level * torch.ones(samples) * height * width).clamp(min=1)
    aspect = 2 ** (2 * torch.rand(samples) - 1)
    rows = torch.maximum((area * aspect).sqrt().round(), (area / width).ceil()).clamp(max=height)
    columns = (area / rows).round().clamp(1, width)
    top = (torch.rand(samples) * (height - rows + 1)).floor()
    left = (torch.rand(samples) * (width - columns + 1)).floor()
    row, column = torch.arange(height), torch.arange(width)
    is_row = (row >= top[:, None]) & (row < (top + rows)[:, None])
    is_column = (column >= left[:, None]) & (column < (left + columns)[:, None])
    return is_row[:, None, :, None] & is_column[:, None, None, :]


def corrupt(x):
    """Hides a rectangle with a share 0.25 of the picture."""
    hidden = hidden_block(x, 0.25)
    return x.masked_fill(hidden, 0), hidden.expand_as(x)


def kl_sparsity(code, rho):
    """KL divergence of the units' mean activations from rho, summed over units (Ng 2011)."""
    rho_hat = code.mean(0).clamp(1e-6, 1 - 1e-6)
    return (rho * torch.log(rho / rho_hat) + (1 - rho) * torch.log((1 - rho) / (1 - rho_hat))).sum()


def contraction(encoder, x, step=0.01):
    """Squared Frobenius norm of the encoder's Jacobian (Rifai et al. 2011), estimated along a random direction."""
    encoder.eval()  # without dropout
    direction = F.normalize(torch.randn_like(x).flatten(1)).view_as(x)
    derivative = (encoder(x + step * direction) - encoder(x)) / step
    encoder.train(torch.is_grad_enabled())
    return x[0].numel() * derivative.flatten(1).square().sum(1).mean()


def batch_loss(model, x):
    noisy, hidden = corrupt(x)
    reconstruction, code = model(noisy)
    reconstruction_loss = F.huber_loss(reconstruction[hidden], x[hidden], delta=0.1)
    kl_sparsity_penalty = kl_sparsity(code, 0.05)
    contractive_penalty = contraction(model.encoder, noisy)
    return reconstruction_loss + 0.01 * kl_sparsity_penalty + 0.01 * contractive_penalty


class Lamb(torch.optim.Optimizer):
    """LAMB (You et al. 2020): Adam's steps, in proportion to the norm of each tensor."""

    def __init__(self, parameters, lr, weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in (weight for weight in group["params"] if weight.grad is not None):
                state, zeros = self.state[weight], torch.zeros_like(weight)
                count = state["count"] = state.get("count", 0) + 1
                first, second = state.setdefault("first", zeros), state.setdefault("second", zeros.clone())
                first.mul_(0.9).add_(0.1 * weight.grad)
                second.mul_(0.999).add_(0.001 * weight.grad**2)
                update = first / (1 - 0.9**count) / ((second / (1 - 0.999**count)).sqrt() + 1e-6)
                update += group["weight_decay"] * weight
                norms = weight.norm(), update.norm()
                trust_ratio = norms[0] / norms[1] if min(norms) > 0 else 1.0
                weight.sub_(group["lr"] * trust_ratio * update)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = Lamb(model.parameters(), lr=0.001, weight_decay=0.01)
plateau = ReduceLROnPlateau(optimiser, factor=0.5, patience=1, threshold=0)

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
    plateau.step(validation_loss)
    if validation_loss < best_loss:
        best_loss, best_weights = validation_loss, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)  # of the epoch with the lowest validation loss
