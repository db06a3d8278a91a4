//! Parameter groups: encoder, decoder and discriminator, with a learning rate each.

use burn::{
    lr_scheduler::module_lr_scheduler::{ModuleLearningRate, ModuleLrScheduler},
    module::{Module, ParamGroup, ParamId, list_param_ids},
};
use pinhole_protocol::PartRates;

use crate::network::Autoencoder;

/// Parameters of a network by the part they belong to.
pub(super) struct ParamGroups {
    rates: PartRates,
    /// Encoder and bottleneck.
    encoder: ParamGroup,
    decoder: ParamGroup,
    autoencoder: Vec<ParamId>,
    discriminator: Vec<ParamId>,
}

impl ParamGroups {
    pub fn new(network: &Autoencoder, rates: PartRates) -> Self {
        let discriminator = list_param_ids(network.discriminator());
        let autoencoder = list_param_ids(network).into_iter().filter(|id| !discriminator.contains(id)).collect();
        Self {
            rates,
            encoder: ParamGroup::ids_from_module(network.encoder().clone())
                .fuse(&ParamGroup::ids_from_module(network.bottleneck().clone())),
            decoder: ParamGroup::ids_from_module(network.decoder().clone()),
            autoencoder,
            discriminator,
        }
    }

    /// The network with autodiff for all parts but the frozen ones, whose learning rate is 0. Frozen normalisation
    /// layers keep their running statistics, too.
    pub fn apply_freezing(&self, network: Autoencoder) -> Autoencoder {
        let frozen = [(self.rates.encoder, &self.encoder), (self.rates.decoder, &self.decoder)];
        frozen
            .into_iter()
            .filter(|(rate, _)| *rate == 0.0)
            .fold(network.unfreeze(), |network, (_, part)| network.freeze_group(part.clone()))
            .train()
    }

    /// Learning rate of each parameter: `rate` times its part's factor.
    pub fn learning_rates(&self, rate: f64) -> ModuleLearningRate {
        ModuleLrScheduler::new(rate)
            .with_group(self.encoder.clone(), rate * f64::from(self.rates.encoder))
            .with_group(self.decoder.clone(), rate * f64::from(self.rates.decoder))
            .step()
    }

    /// Parameters that the autoencoder's loss moves.
    pub fn autoencoder(&self) -> &[ParamId] {
        &self.autoencoder
    }

    /// Parameters that the discriminator's loss moves.
    pub fn discriminator(&self) -> &[ParamId] {
        &self.discriminator
    }
}
