def total_correlation(z, mu, logvar):
    """Total correlation of a code in nats per sample, estimated on the batch (Chen et al. 2018)."""
    z, mu, logvar = z[:256], mu[:256], logvar[:256]
    posterior = torch.distributions.Normal(mu, torch.exp(logvar / 2))
    log_density = posterior.log_prob(z[:, None])  # [samples of z, samples of the posterior, units]
    joint = log_density.sum(2).logsumexp(1) - math.log(len(z))
    product = (log_density.logsumexp(1) - math.log(len(z))).sum(1)
    return (joint - product).mean()
