//! Requests of which only the newest answer counts: one is in flight at a time, and of those made meanwhile only the
//! last is sent, once the answer is here.

/// Request in flight, and the newest one that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct LatestRequest<T> {
    in_flight: Option<(u32, T)>,
    queued: Option<T>,
    last_id: u32,
}

impl<T> Default for LatestRequest<T> {
    fn default() -> Self {
        Self { in_flight: None, queued: None, last_id: 0 }
    }
}

impl<T> LatestRequest<T> {
    /// Queues a request in place of the one that waits.
    pub fn queue(&mut self, request: T) {
        self.queued = Some(request);
    }

    /// Request that waits to be sent.
    pub const fn queued(&self) -> Option<&T> {
        self.queued.as_ref()
    }

    /// True while an answer is awaited.
    pub const fn is_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Takes the request that waits; `None` while an answer is awaited.
    pub fn take_queued(&mut self) -> Option<T> {
        if self.is_in_flight() { None } else { self.queued.take() }
    }

    /// Notes that a request is sent, and returns the id by which its answer is recognised.
    pub fn start(&mut self, request: T) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.in_flight = Some((self.last_id, request));
        self.last_id
    }

    /// Ends the request of that id. Returns true if its answer was awaited: any other one is stale.
    pub fn finish(&mut self, id: u32) -> bool {
        let is_awaited = self.in_flight.as_ref().is_some_and(|(awaited, _)| *awaited == id);
        if is_awaited {
            self.in_flight = None;
        }
        is_awaited
    }

    /// Ends the request in flight, for answers that carry no id, and for failures. Returns the request.
    pub fn finish_any(&mut self) -> Option<T> {
        self.in_flight.take().map(|(_, request)| request)
    }

    /// Ends the request in flight and drops the one that waits.
    pub fn cancel(&mut self) {
        self.in_flight = None;
        self.queued = None;
    }
}

impl<T: Clone> LatestRequest<T> {
    /// Notes that the request that waits is sent, and returns it; `None` while an answer is awaited.
    pub fn start_queued(&mut self) -> Option<T> {
        let request = self.take_queued()?;
        self.start(request.clone());
        Some(request)
    }

    /// Ends the request in flight, and notes that the one that waits is sent, which is returned.
    pub fn advance(&mut self) -> Option<T> {
        self.finish_any();
        self.start_queued()
    }
}

impl<T: Clone + PartialEq> LatestRequest<T> {
    /// Queues a request, unless an equal one is in flight. Returns it if it is to be sent now.
    pub fn request(&mut self, request: T) -> Option<T> {
        let is_in_flight = self.in_flight.as_ref().is_some_and(|(_, in_flight)| *in_flight == request);
        self.queued = (!is_in_flight).then_some(request);
        self.start_queued()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_newest_request_waits() {
        let mut latest = LatestRequest::default();
        assert_eq!(latest.request(1), Some(1));
        assert_eq!((latest.request(2), latest.request(3)), (None, None));
        assert_eq!(latest.advance(), Some(3));
        assert!(latest.is_in_flight());
        assert_eq!(latest.advance(), None);
        assert!(!latest.is_in_flight());
        assert_eq!(latest.request(4), Some(4));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_equal_request_in_flight_is_not_sent_twice() {
        let mut latest = LatestRequest::default();
        assert_eq!([1, 2, 1].map(|request| latest.request(request)), [Some(1), None, None]);
        assert_eq!(latest.advance(), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_queued_request_is_sent_even_if_an_equal_one_is_in_flight() {
        let mut latest = LatestRequest::default();
        latest.queue(());
        assert_eq!(latest.start_queued(), Some(()));
        latest.queue(());
        assert_eq!(latest.start_queued(), None, "an answer is awaited");
        latest.finish_any();
        assert_eq!(latest.start_queued(), Some(()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn stale_answers_are_recognised() {
        let mut latest = LatestRequest::default();
        let old = latest.start("old");
        latest.finish_any();
        let new = latest.start("new");
        assert!(!latest.finish(old));
        assert!(latest.finish(new));
        assert!(!latest.finish(new), "each answer counts once");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn nothing_is_sent_after_a_cancelled_request() {
        let mut latest = LatestRequest::default();
        let id = latest.start(1);
        latest.queue(2);
        latest.cancel();
        assert_eq!((latest.start_queued(), latest.finish(id)), (None, false));
    }
}
