def kl_sparsity(code, rho):
    """KL divergence of the units' mean activations from rho, summed over units (Ng 2011)."""
    rho_hat = code.mean(0).clamp(1e-6, 1 - 1e-6)
    return (rho * torch.log(rho / rho_hat) + (1 - rho) * torch.log((1 - rho) / (1 - rho_hat))).sum()
