//! Yielding to the event loop.

use std::{cell::RefCell, rc::Rc};

use futures_channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessageEvent};

/// A future that completes after the messages already queued have been handled.
///
/// It posts a message to a `MessageChannel`: a resolved promise runs before any message, and `setTimeout` waits 4 ms.
pub struct Macrotask {
    channel: Option<MessageChannel>,
    waiting: Rc<RefCell<Option<oneshot::Sender<()>>>>,
    _wake: Closure<dyn Fn(MessageEvent)>,
}

impl Macrotask {
    /// Opens the channel.
    pub fn new() -> Self {
        let waiting: Rc<RefCell<Option<oneshot::Sender<()>>>> = Rc::default();
        let wake = Closure::new({
            let waiting = waiting.clone();
            move |_: MessageEvent| {
                if let Some(waiting) = waiting.borrow_mut().take() {
                    // Sending fails if the future was dropped.
                    let _ = waiting.send(());
                }
            }
        });
        let channel = MessageChannel::new().ok();
        if let Some(channel) = &channel {
            channel.port1().set_onmessage(Some(wake.as_ref().unchecked_ref()));
        }
        Self { channel, waiting, _wake: wake }
    }

    /// Waits for one turn of the event loop. Without a channel it returns at once.
    pub async fn wait(&self) {
        let Some(channel) = &self.channel else { return };
        let (sender, turned) = oneshot::channel();
        *self.waiting.borrow_mut() = Some(sender);
        if channel.port2().post_message(&JsValue::NULL).is_ok() {
            // Cancelled if another wait has replaced this one, which the same turn completes.
            let _ = turned.await;
        }
    }
}
