//! A flag that is raised once and that anybody can wait for.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks work to stop. Clones share one flag, which never goes down again.
///
/// The binary raises it on SIGINT and SIGTERM; every long wait selects on it.
#[derive(Clone, Debug)]
pub struct Cancel {
    flag: Arc<watch::Sender<bool>>,
}

impl Cancel {
    /// A flag that is down.
    #[must_use]
    pub fn new() -> Self {
        Self { flag: Arc::new(watch::Sender::new(false)) }
    }

    /// Raises the flag and wakes everyone who waits. Raising it twice changes nothing.
    pub fn cancel(&self) {
        self.flag.send_replace(true);
    }

    /// Whether the flag is up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.flag.borrow()
    }

    /// Waits until the flag is up; returns at once when it is up already.
    pub async fn cancelled(&self) {
        let mut receiver = self.flag.subscribe();
        // The sender lives in `self`, so the only way out is the flag.
        let raised = receiver.wait_for(|up| *up).await;
        drop(raised);
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;

    #[tokio::test]
    async fn wakes_every_clone_once_and_for_all() {
        let cancel = Cancel::new();
        let waiting = cancel.clone();
        let task = tokio::spawn(async move { waiting.cancelled().await });
        tokio::task::yield_now().await;
        assert!(!cancel.is_cancelled());
        cancel.cancel();
        cancel.cancel();
        task.await.unwrap();
        assert!(cancel.is_cancelled());
        cancel.cancelled().await;
    }
}
