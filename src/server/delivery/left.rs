//! Whether a message may have left: known to whoever writes it to the other side, and asked by whoever gives up waiting for the
//! answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A mark that is set once the other side may have a message. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MayHaveLeft(Arc<AtomicBool>);

impl MayHaveLeft {
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
