import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)

# Such as MNIST: torchvision.datasets.MNIST("data", download=True).data[:, None] / 255
data = ...  # [samples, 1, 28, 28], values from 0 to 1
data = data[:10000]


class Tied(nn.Module):
    """A dense layer with the transposed weight of another, and a bias of its own."""

    def __init__(self, linear):
        super().__init__()
        self.linear = [linear]  # in a list, as the weight is a parameter of the encoder
        bound = 1 / math.sqrt(linear.out_features)
        self.bias = nn.Parameter(torch.empty(linear.in_features).uniform_(-bound, bound))

    def forward(self, x):
        return F.linear(x, self.linear[0].weight.T, self.bias)


class TopK(nn.Module):
    """Sets all but the k largest values of each code to 0 (Makhzani and Frey 2014)."""

    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, code):
        largest = code.topk(self.k, dim=1).indices
        return code * torch.zeros_like(code).scatter(1, largest, 1.0)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Flatten(),         # [784]
            nn.Linear(784, 128),  # [128]
            nn.Tanh(),
            nn.Linear(128, 32),   # [32]
            TopK(8),
        )
        self.decoder = nn.Sequential(
            Tied(self.encoder[3]),         # [128]
            nn.Tanh(),
            Tied(self.encoder[1]),         # [784]
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),  # [1, 28, 28]
        )

    def forward(self, x):  # [1, 28, 28]
        return self.decoder(self.encoder(x))


def corrupt(x):
    """Salt and pepper: a share 0 to 0.3 of the values becomes 0 or 1."""
    level = 0.3 * torch.rand(len(x), 1, 1, 1)
    uniform = torch.rand_like(x)
    hidden = uniform < level
    return torch.where(hidden, (uniform < level / 2).float(), x)


def batch_loss(model, x):
    noisy = corrupt(x)
    reconstruction = model(noisy)
    return F.mse_loss(reconstruction, x)


class Lion(torch.optim.Optimizer):
    """Lion (Chen et al. 2023): steps by the sign of the momentum, with decoupled weight decay."""

    def __init__(self, parameters, lr, weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in (weight for weight in group["params"] if weight.grad is not None):
                momentum = self.state[weight].setdefault("momentum", torch.zeros_like(weight))
                update = (0.9 * momentum + 0.1 * weight.grad).sign()
                weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * update)
                momentum.mul_(0.99).add_(0.01 * weight.grad)


training, validation = random_split(data, [0.9, 0.1])
training_loader = DataLoader(training, batch_size=128, shuffle=True)
validation_loader = DataLoader(validation, batch_size=128)

model = Autoencoder()

optimiser = Lion(model.parameters(), lr=0.0001, weight_decay=0.01)
scheduler = StepLR(optimiser, 2 * len(training_loader), 0.5)

best_loss = float("inf")
for epoch in range(5):
    model.train()
    for x in training_loader:
        loss = batch_loss(model, x)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.1)
        for parameter in model.parameters():
            nn.utils.clip_grad_norm_(parameter, 1.0)
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
