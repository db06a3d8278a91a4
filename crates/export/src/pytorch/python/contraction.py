def contraction(encoder, x, step=0.01):
    """Squared Frobenius norm of the encoder's Jacobian (Rifai et al. 2011), estimated along a random direction."""
    encoder.eval()  # without dropout
    direction = F.normalize(torch.randn_like(x).flatten(1)).view_as(x)
    derivative = (encoder(x + step * direction) - encoder(x)) / step
    encoder.train(torch.is_grad_enabled())
    return x[0].numel() * derivative.flatten(1).square().sum(1).mean()
