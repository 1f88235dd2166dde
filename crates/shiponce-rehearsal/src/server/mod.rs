//! The world over real sockets.

mod blocking;
mod carry;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

pub use self::blocking::BlockingServer;
use self::carry::Carrier;
use crate::address::{Addresses, Index};
use crate::github::GithubAddresses;
use crate::world::World;

/// A world listening on 127.0.0.1, at free ports. It stops when it is dropped; connections that are open
/// then are closed.
///
/// One address serves the whole world (`/prod/…`, `/test/…`, `/github/…`, `/runner/token`). Each index also has an address
/// of its own where its pages stand at the root, for clients that look for trusted publishing at the root of
/// the upload host.
#[derive(Debug)]
pub struct Server {
    world: World,
    base: SocketAddr,
    own: [(Index, SocketAddr); 2],
    stop: watch::Sender<bool>,
}

impl Server {
    /// Starts listening. Needs a tokio runtime with time and network enabled.
    ///
    /// # Errors
    ///
    /// When no port of the loopback interface can be had.
    pub async fn start(world: World) -> io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let workers = Arc::new(Semaphore::new(world.config().workers.max(1)));
        let listen = async |mounted: Option<Index>| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            let carrier = Carrier { world: world.clone(), mounted, workers: Arc::clone(&workers) };
            tokio::spawn(accept(listener, carrier, stopped.clone()));
            io::Result::Ok(address)
        };
        let base = listen(None).await?;
        let pypi = listen(Some(Index::Pypi)).await?;
        let testpypi = listen(Some(Index::TestPypi)).await?;
        let own = [(Index::Pypi, pypi), (Index::TestPypi, testpypi)];
        Ok(Self { world, base, own, stop })
    }

    /// The world that is served.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The address of the whole world, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.base)
    }

    /// The addresses of one index below [`Server::base_url`].
    #[must_use]
    pub fn addresses(&self, index: Index) -> Addresses {
        index.addresses(&self.base_url())
    }

    /// The addresses of GitHub below [`Server::base_url`].
    #[must_use]
    pub fn github(&self) -> GithubAddresses {
        GithubAddresses::new(&self.base_url())
    }

    /// The addresses of one index on its own port, without a path prefix.
    #[must_use]
    pub fn own_addresses(&self, index: Index) -> Addresses {
        let (_, address) = if self.own[0].0 == index { self.own[0] } else { self.own[1] };
        Addresses { root: format!("http://{address}") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn accept(listener: TcpListener, carrier: Carrier, mut stopped: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        // An error here is the client's, who has gone again.
        let Ok((stream, _)) = accepted else { continue };
        let carrier = carrier.clone();
        let mut stopped = stopped.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| carrier.clone().carry(request));
            let connection = hyper::server::conn::http1::Builder::new()
                .half_close(true)
                .serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                // Errors are dead connections, which is what some faults ask for.
                _ = connection => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        });
    }
}
