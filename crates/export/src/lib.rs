//! Experiments, written for other programs: [`pytorch`] has the listing of one in PyTorch.
//!
//! This crate depends on the protocol alone: it reads the [`NetworkPlan`](pinhole_protocol::NetworkPlan) that the
//! engine builds and the page draws.

pub mod pytorch;
