//! Requests of the lab's views: one in flight per purpose, and of those made meanwhile only the last is sent.
//!
//! A request's number holds its purpose, so that an answer is recognised without a list of what was asked.

use std::cell::RefCell;

use pinhole_protocol::latent::LatentCommand;

use crate::{labs::latent::state::Purpose, latest_request::LatestRequest};

/// Number of purposes, the unit of a request's number.
const COUNT: u32 = Purpose::ALL.len() as u32;

/// Requests of one purpose.
#[derive(Default)]
struct Slot {
    latest: LatestRequest<LatentCommand>,
    /// The newest request and its id: its answer counts even if a failure of something else has ended the waiting.
    newest: Option<(u32, LatentCommand)>,
}

impl Slot {
    /// Notes that the request that waits is sent, and returns it with its number.
    fn send(&mut self, purpose: Purpose) -> Option<LatentCommand> {
        let command = self.latest.take_queued()?;
        let id = self.latest.start(command.clone());
        self.newest = Some((id, command.clone()));
        Some(numbered(command, id.wrapping_mul(COUNT).wrapping_add(purpose as u32)))
    }

    /// Forgets the answer that is awaited, and the request that waits.
    fn cancel(&mut self) {
        self.latest.cancel();
        self.newest = None;
    }
}

/// Requests in flight and queued, by purpose.
#[derive(Default)]
pub struct Requests(RefCell<[Slot; Purpose::ALL.len()]>);

impl Requests {
    /// Queues a request, unless an equal one is in flight. Returns it with its number if it is to be sent now.
    pub fn ask(&self, purpose: Purpose, command: LatentCommand) -> Option<LatentCommand> {
        let slot = &mut self.0.borrow_mut()[purpose as usize];
        slot.latest.queue(command);
        slot.send(purpose)
    }

    /// Takes the number of an answer. Returns its purpose and request if it is the newest, and the request to be sent now.
    pub fn finish(&self, number: u32) -> (Option<(Purpose, LatentCommand)>, Option<LatentCommand>) {
        let Some(purpose) = Purpose::ALL.get((number % COUNT) as usize).copied() else { return (None, None) };
        let slot = &mut self.0.borrow_mut()[purpose as usize];
        let id = number / COUNT;
        slot.latest.finish(id);
        let newest = slot.newest.take_if(|(newest, _)| *newest == id);
        (newest.map(|(_, command)| (purpose, command)), slot.send(purpose))
    }

    /// Forgets the answer that is awaited for a purpose, and the request that waits.
    pub fn cancel(&self, purpose: Purpose) {
        self.0.borrow_mut()[purpose as usize].cancel();
    }

    /// Forgets all requests, as vectors or worker are others.
    pub fn cancel_all(&self) {
        for purpose in Purpose::ALL {
            self.cancel(purpose);
        }
    }

    /// Takes note that the engine has stopped, which drops what it has not answered. Returns the requests to be sent again:
    /// all that were in flight but that of drawn samples, which was the job.
    pub fn resend(&self) -> Vec<LatentCommand> {
        let mut slots = self.0.borrow_mut();
        let dropped = Purpose::ALL.into_iter().zip(slots.iter_mut()).filter_map(|(purpose, slot)| {
            let request = slot.latest.finish_any()?;
            if purpose == Purpose::Drawn {
                slot.cancel();
            } else if slot.latest.queued().is_none() {
                slot.latest.queue(request);
            }
            slot.send(purpose)
        });
        dropped.collect()
    }
}

/// The command with this request number.
fn numbered(mut command: LatentCommand, number: u32) -> LatentCommand {
    match &mut command {
        LatentCommand::Describe { request, .. }
        | LatentCommand::Show { request, .. }
        | LatentCommand::Decode { request, .. }
        | LatentCommand::DecodeGrid { request, .. }
        | LatentCommand::Walk { request, .. }
        | LatentCommand::Interpolate { request, .. }
        | LatentCommand::Combine { request, .. }
        | LatentCommand::WalkDirection { request, .. }
        | LatentCommand::Draw { request, .. } => *request = number,
        _ => {}
    }
    command
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::latent::CodePrior;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn describe(index: usize) -> LatentCommand {
        LatentCommand::Describe { request: 0, index }
    }

    fn number(command: Option<LatentCommand>) -> u32 {
        match command {
            Some(LatentCommand::Describe { request, .. }) => request,
            other => panic!("not sent: {other:?}"),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_newest_of_a_purpose_counts() {
        let requests = Requests::default();
        let first = number(requests.ask(Purpose::Hovered, describe(1)));
        assert!(requests.ask(Purpose::Hovered, describe(2)).is_none());
        assert!(requests.ask(Purpose::Hovered, describe(3)).is_none());
        let other = number(requests.ask(Purpose::ChosenA, describe(1)));
        assert_ne!(first, other);
        let (answered, next) = requests.finish(first);
        assert_eq!(answered, Some((Purpose::Hovered, describe(1))));
        let second = number(next);
        assert_eq!(requests.finish(second), (Some((Purpose::Hovered, describe(3))), None));
        assert_eq!(requests.finish(second), (None, None), "each answer counts once");
        assert_eq!(requests.finish(other).0, Some((Purpose::ChosenA, describe(1))));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn other_vectors_await_no_answer() {
        let requests = Requests::default();
        let first = number(requests.ask(Purpose::Walks, describe(1)));
        requests.cancel_all();
        assert_eq!(requests.finish(first), (None, None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_a_stop_drops_is_asked_for_again_but_for_drawn_samples() {
        let requests = Requests::default();
        let draw = || LatentCommand::Draw { request: 0, prior: CodePrior::Mixture, count: 9, seed: 1 };
        let first = number(requests.ask(Purpose::ChosenA, describe(1)));
        assert!(requests.ask(Purpose::ChosenA, describe(2)).is_none());
        assert!(requests.ask(Purpose::Drawn, draw()).is_some());
        let mut again = requests.resend();
        let second = number(again.pop());
        assert!(again.is_empty());
        assert_eq!(requests.finish(first), (None, None), "it was dropped");
        assert_eq!(requests.finish(second), (Some((Purpose::ChosenA, describe(2))), None));
        assert!(requests.ask(Purpose::Drawn, draw()).is_some(), "nothing is awaited any more");
    }
}
