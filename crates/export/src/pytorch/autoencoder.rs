//! `class Autoencoder(nn.Module)`: encoder, bottleneck, decoder and head, and the forward pass through them.

use pinhole_protocol::{BottleneckPlan, GridShape, LayerPlan, NetworkPlan, Part};

use super::{
    chain::{Chain, Form},
    python::{indented, number, shape},
};

/// A tensor that the forward pass returns after the reconstruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Output {
    /// The code, which is called z if it is drawn from a normal distribution.
    Code,
    /// Means of a variational code.
    Mu,
    /// Logarithms of its variances.
    Logvar,
    /// Vectors before quantisation.
    ZE,
    /// Vectors after it.
    ZQ,
    /// Logits of the classifier.
    Logits,
    /// Prediction of the regression head, standardised.
    Prediction,
}

impl Output {
    /// Name of the variable.
    pub const fn name(self, plan: &NetworkPlan) -> &'static str {
        match self {
            Self::Code if matches!(plan.bottleneck, BottleneckPlan::Variational) => "z",
            Self::Code => "code",
            Self::Mu => "mu",
            Self::Logvar => "logvar",
            Self::ZE => "z_e",
            Self::ZQ => "z_q",
            Self::Logits => "logits",
            Self::Prediction => "prediction",
        }
    }
}

/// Initial log variance of the reconstruction: exp(-3) is about the mean squared error that training starts from.
const INITIAL_LOGVAR: f32 = -3.0;

/// The autoencoder's modules. Encoder and decoder are chains; with skip connections they are several each, cut where a
/// skip begins or ends.
pub(super) struct Autoencoder<'a> {
    plan: &'a NetworkPlan,
    encoder: Vec<Chain>,
    /// Makes the means of a variational code.
    mu: Option<Chain>,
    /// Makes the logarithms of their variances.
    logvar: Option<Chain>,
    decoder: Vec<Chain>,
    head: Option<Chain>,
    regression: Option<Chain>,
}

impl<'a> Autoencoder<'a> {
    pub fn new(plan: &'a NetworkPlan) -> Self {
        let (mut chains, weights) = encoder(plan);
        let last = chains.last_mut().expect("an encoder has a chain");
        let (mut mu, mut logvar) = (None, None);
        match plan.bottleneck {
            BottleneckPlan::Variational => {
                last.read_as_vector();
                mu = Some(chain_of(plan.part(Part::Bottleneck), last.form()));
                logvar = Some(chain_of(&plan.log_variance, last.form()));
            }
            BottleneckPlan::TopK { active } if active < plan.code.len() => last.push_same(format!("TopK({active})")),
            _ => {}
        }
        let code = mu.as_ref().unwrap_or(last).form();
        let head = (!plan.head.is_empty()).then(|| chain_of(&plan.head, code));
        let regression = plan.regression.as_ref().map(|layer| chain_of([layer], code));
        let decoder = decoder(plan, code, &weights);
        Self { plan, encoder: chains, mu, logvar, decoder, head, regression }
    }

    /// The class, whose forward pass returns the reconstruction and `outputs`.
    pub fn class(&self, outputs: &[Output]) -> String {
        let init = indented(1, self.init());
        let forward = indented(1, self.forward(outputs));
        let methods = [
            vec!["def __init__(self):".into(), "    super().__init__()".into()],
            init,
            vec![String::new(), format!("def forward(self, x):  # {}", shape(&Form::of_input(self.plan.input).dims()))],
            forward,
        ];
        [vec!["class Autoencoder(nn.Module):".into()], indented(1, methods.concat())].concat().join("\n")
    }

    /// The module that maps an input to its code, or to the mean of a variational one.
    pub fn encoder_of(&self, model: &str) -> String {
        match (&self.mu, self.encoder.len()) {
            (None, 1) => format!("{model}.encoder"),
            (None, _) => format!("nn.Sequential(*{model}.encoder)"),
            (Some(_), 1) => format!("nn.Sequential({model}.encoder, {model}.mu)"),
            (Some(_), _) => format!("nn.Sequential(*{model}.encoder, {model}.mu)"),
        }
    }

    /// Attributes of the encoder and the bottleneck.
    pub fn encoder_attributes(&self) -> Vec<&'static str> {
        let bottleneck: &[&str] = match self.plan.bottleneck {
            BottleneckPlan::Variational => &["mu", "logvar"],
            BottleneckPlan::VectorQuantised { .. } => &["codebook"],
            BottleneckPlan::Plain | BottleneckPlan::Adversarial { .. } | BottleneckPlan::TopK { .. } => &[],
        };
        [&["encoder"], bottleneck].concat()
    }

    /// Attributes beside encoder, bottleneck and decoder.
    pub fn other_attributes(&self) -> Vec<&'static str> {
        let head = self.head.as_ref().map(|_| "head");
        let regression = self.regression.as_ref().map(|_| "regression");
        head.into_iter().chain(regression).chain(self.plan.learnt_variance.then_some("output_logvar")).collect()
    }

    fn init(&self) -> Vec<String> {
        let mut lines = part("self.encoder", &self.encoder);
        for (name, chain) in [("self.mu", &self.mu), ("self.logvar", &self.logvar)] {
            lines.extend(chain.iter().flat_map(|chain| chain.short_definition(name)));
        }
        if let BottleneckPlan::VectorQuantised { codes, dimension, .. } = self.plan.bottleneck {
            let values = format!("torch.empty({codes}, {dimension}).uniform_(-1 / {codes}, 1 / {codes})");
            lines.push(format!("self.codebook = nn.Parameter({values})"));
        }
        lines.extend(part("self.decoder", &self.decoder));
        lines.extend(self.head.iter().flat_map(|head| head.short_definition("self.head")));
        lines.extend(self.regression.iter().flat_map(|head| head.short_definition("self.regression")));
        if self.plan.learnt_variance {
            lines.push(format!("self.output_logvar = nn.Parameter(torch.tensor({}))", number(INITIAL_LOGVAR)));
        }
        lines
    }

    fn forward(&self, outputs: &[Output]) -> Vec<String> {
        let (mut lines, encoded) = self.encode();
        let is_short = outputs.is_empty() && self.decoder.len() == 1;
        let code = match self.plan.bottleneck {
            BottleneckPlan::Variational => {
                lines.extend(reparameterisation(&encoded, &self.encoded_shape()));
                "z".to_owned()
            }
            BottleneckPlan::VectorQuantised { dimension, .. } => {
                lines.push(format!("z_e = {encoded}  # {}", self.encoded_shape()));
                lines.extend(quantisation(self.encoded_form(), dimension));
                "code".to_owned()
            }
            _ if is_short => encoded,
            _ => {
                lines.push(format!("code = {encoded}  # {}", self.encoded_shape()));
                "code".to_owned()
            }
        };
        let (decoding, reconstruction) = self.decode(&code);
        lines.extend(decoding);
        let others = outputs.iter().map(|output| match output {
            Output::Logits => format!("self.head({code})"),
            Output::Prediction => format!("self.regression({code})"),
            output => output.name(self.plan).to_owned(),
        });
        let returned: Vec<String> = std::iter::once(reconstruction).chain(others).collect();
        lines.push(format!("return {}", returned.join(", ")));
        lines
    }

    /// Lines of the encoder's chains before the last, and the expression of the last.
    fn encode(&self) -> (Vec<String>, String) {
        let [between @ .., _] = self.encoder.as_slice() else { return (Vec::new(), "x".into()) };
        if between.is_empty() {
            return (Vec::new(), "self.encoder(x)".into());
        }
        let input = |index: usize| if index == 0 { "x".into() } else { format!("down_{index}") };
        let line = |(index, chain): (usize, &Chain)| {
            let dims = shape(&chain.form().dims());
            format!("down_{} = self.encoder[{index}]({})  # {dims}", index + 1, input(index))
        };
        let lines = between.iter().enumerate().map(line).collect();
        (lines, format!("self.encoder[{0}](down_{0})", between.len()))
    }

    /// Lines of the decoder's chains before the last, and the expression of the last.
    fn decode(&self, code: &str) -> (Vec<String>, String) {
        let count = self.decoder.len();
        if count == 1 {
            return (Vec::new(), format!("self.decoder({code})"));
        }
        let expression = |index: usize| match index {
            0 => format!("self.decoder[0]({code})"),
            // The decoder reads the skips in the reverse order of the encoder's.
            index => format!("self.decoder[{index}](torch.cat([up, down_{}], 1))", count - index),
        };
        let line =
            |index: usize| format!("up = {}  # {}", expression(index), shape(&self.decoder[index].form().dims()));
        ((0..count - 1).map(line).collect(), expression(count - 1))
    }

    fn encoded_form(&self) -> Form {
        self.encoder.last().expect("an encoder has a chain").form()
    }

    fn encoded_shape(&self) -> String {
        shape(&self.encoded_form().dims())
    }
}

/// The encoder's chains with the bottleneck's layers, except those of a variational code, and the name of the module
/// with the weights of each layer.
fn encoder(plan: &NetworkPlan) -> (Vec<Chain>, Vec<String>) {
    let mut chains = vec![Chain::new(Form::of_input(plan.input))];
    let mut weights = Vec::new();
    for (index, layer) in plan.layers.iter().enumerate() {
        let is_mu = plan.bottleneck == BottleneckPlan::Variational && layer.part == Part::Bottleneck;
        if layer.part == Part::Decoder || is_mu {
            break;
        }
        let chain = chains.last_mut().expect("there is a first chain");
        let position = chain.push_layer(layer, plan.layers.get(index + 1).map(|next| next.kind), None);
        weights.push(format!("self.encoder[{position}]"));
        if plan.layers.iter().any(|other| other.skip_from == Some(index)) {
            let form = chain.form();
            chains.push(Chain::new(form));
        }
    }
    (chains, weights)
}

/// The decoder's chains; `weights` are the modules of the encoder, whose weights tied layers share.
fn decoder(plan: &NetworkPlan, code: Form, weights: &[String]) -> Vec<Chain> {
    let mut chains = vec![Chain::new(code)];
    for (index, layer) in plan.layers.iter().enumerate().filter(|(_, layer)| layer.part == Part::Decoder) {
        if let Some(source) = layer.skip_from {
            let skipped = plan.layers[source].output.channels;
            let before = GridShape { channels: layer.input.channels - skipped, ..layer.input };
            chains.last_mut().expect("there is a first chain").read_as_picture(before);
            chains.push(Chain::new(Form::Picture(layer.input)));
        }
        let chain = chains.last_mut().expect("there is a first chain");
        let tied_to = layer.tied_to.map(|index| weights[index].as_str());
        chain.push_layer(layer, plan.layers.get(index + 1).map(|next| next.kind), tied_to);
    }
    let last = chains.last_mut().expect("there is a first chain");
    match Form::of_input(plan.input) {
        Form::Picture(shape) => last.read_as_picture(shape),
        _ => last.read_as_vector(),
    }
    chains
}

/// A chain of layers that reads `form`.
pub(super) fn chain_of<'a>(layers: impl IntoIterator<Item = &'a LayerPlan>, form: Form) -> Chain {
    let mut chain = Chain::new(form);
    for layer in layers {
        chain.push_layer(layer, None, None);
    }
    chain
}

/// Definition of a part: one chain, or a list of them.
fn part(name: &str, chains: &[Chain]) -> Vec<String> {
    match chains {
        [chain] => chain.definition(name),
        chains => {
            let elements = indented(1, chains.iter().flat_map(|chain| chain.sequential("", ",")));
            [vec![format!("{name} = nn.ModuleList([")], elements, vec!["])".into()]].concat()
        }
    }
}

/// Lines that draw a variational code z (Kingma and Welling 2014); in evaluation, z is the mean.
fn reparameterisation(encoded: &str, shape: &str) -> [String; 3] {
    [
        format!("h = {encoded}  # {shape}"),
        "mu, logvar = self.mu(h), self.logvar(h).clamp(-12, 12)".into(),
        "z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if self.training else mu".into(),
    ]
}

/// Lines that replace the vectors of `z_e` by the nearest ones of the codebook (van den Oord et al. 2017).
fn quantisation(z_e: Form, dimension: usize) -> Vec<String> {
    let nearest = |vectors: &str| format!("nearest = torch.cdist({vectors}, self.codebook).argmin(1)");
    let mut lines = match z_e {
        Form::Picture(_) => vec![
            "vectors = z_e.permute(0, 2, 3, 1)  # channels last".into(),
            nearest("vectors.flatten(0, 2)"),
            "z_q = self.codebook[nearest].view_as(vectors).permute(0, 3, 1, 2)".into(),
        ],
        _ => {
            vec![nearest(&format!("z_e.reshape(-1, {dimension})")), "z_q = self.codebook[nearest].view_as(z_e)".into()]
        }
    };
    lines.push("code = z_e + (z_q - z_e).detach()  # z_q, whose gradient goes straight to z_e".into());
    lines
}
