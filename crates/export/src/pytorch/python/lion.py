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
