//! A flag that is raised and that anybody can wait for: asked to stop, then asked not to wait for anything.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks work to stop. Clones share one flag, which never goes down again.
///
/// The binary raises it on SIGINT and SIGTERM; every long wait selects on it. A second signal raises it further:
/// then nobody is given time to end well.
#[derive(Clone, Debug)]
pub struct Cancel {
    flag: Arc<watch::Sender<Asked>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Nothing,
    Stop,
    StopAtOnce,
}

impl Cancel {
    /// A flag that is down.
    #[must_use]
    pub fn new() -> Self {
        Self { flag: Arc::new(watch::Sender::new(Asked::Nothing)) }
    }

    /// Raises the flag and wakes everyone who waits. Raising it twice changes nothing.
    pub fn cancel(&self) {
        self.raise(Asked::Stop);
    }

    /// Raises the flag further: child processes that were asked to end are killed without their time of grace.
    pub fn hurry(&self) {
        self.raise(Asked::StopAtOnce);
    }

    fn raise(&self, to: Asked) {
        self.flag.send_modify(|asked| *asked = to.max(*asked));
    }

    /// Whether the flag is up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.flag.borrow() >= Asked::Stop
    }

    /// Waits until the flag is up; returns at once when it is up already.
    pub async fn cancelled(&self) {
        self.reached(Asked::Stop).await;
    }

    /// Waits until nobody is to be given time any more.
    pub async fn hurried(&self) {
        self.reached(Asked::StopAtOnce).await;
    }

    async fn reached(&self, wanted: Asked) {
        let mut receiver = self.flag.subscribe();
        // The sender lives in `self`, so the only way out is the flag.
        let raised = receiver.wait_for(|asked| *asked >= wanted).await;
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

    #[tokio::test]
    async fn hurrying_is_more_than_cancelling_and_is_not_taken_back() {
        let cancel = Cancel::new();
        cancel.cancel();
        let waiting = cancel.clone();
        let task = tokio::spawn(async move { waiting.hurried().await });
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        cancel.hurry();
        cancel.cancel();
        task.await.unwrap();
        cancel.hurried().await;
        assert!(cancel.is_cancelled());
    }
}
