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
