//! The server for callers without a runtime.

use std::io;

use tokio::runtime::Runtime;

use super::Server;

/// A [`Server`] with a runtime of its own, for tests that are not asynchronous.
#[derive(Debug)]
pub struct BlockingServer {
    server: Server,
    runtime: Option<Runtime>,
}

impl BlockingServer {
    /// Starts listening.
    ///
    /// # Errors
    ///
    /// When the runtime cannot be started or no port can be had.
    pub fn start(world: crate::World) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let server = runtime.block_on(Server::start(world))?;
        Ok(Self { server, runtime: Some(runtime) })
    }
}

impl std::ops::Deref for BlockingServer {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Drop for BlockingServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Hanging answers and blocked observers must not keep the test from ending.
            runtime.shutdown_background();
        }
    }
}
