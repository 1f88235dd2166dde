//! When a request is answered by the upstream, and how.

use http::Method;
use http::header::ACCEPT;
use jiff::Timestamp;

use super::{ProxyAnswer, ProxyRequest, Upstream, links};
use crate::address::Index;
use crate::answer::{self, Response};
use crate::route::Route;
use crate::text::normalize;
use crate::world::{InFlight, World};

impl World {
    /// As [`World::handle`], with pages of other projects read from the upstream.
    pub async fn handle_with_upstream(
        &self,
        request: http::Request<bytes::Bytes>,
        now: Timestamp,
    ) -> Response {
        match self.begin(request, now).proxy(now).await {
            Ok(response) => response,
            Err(flight) => flight.finish(now),
        }
    }
}

impl InFlight {
    /// The upstream's answer, when this is the production index's page of a project that is not released
    /// in this world; the request itself otherwise. A request that a fault meets is answered here.
    pub(crate) async fn proxy(self, now: Timestamp) -> Result<Response, Box<Self>> {
        let Some((upstream, request)) = self.forwarded() else { return Err(Box::new(self)) };
        let response = match upstream.fetch(request).await {
            Ok(answer) => page(&answer),
            Err(error) => {
                answer::bytes(502, "text/plain; charset=UTF-8", format!("the upstream index: {error}\n"))
            }
        };
        Ok(self.finish_with(response, now))
    }

    fn forwarded(&self) -> Option<(Upstream, ProxyRequest)> {
        let Route::Simple { project, slash: true } = &self.call.route else { return None };
        let wanted = self.call.index == Some(Index::Pypi)
            && self.call.method == Method::GET
            && !self.is_struck()
            && *project == normalize(project)
            && !self.world().is_released_here(project);
        let upstream = self.world().config().upstream.clone().filter(|_| wanted)?;
        let accept = self.call.headers.get(ACCEPT).and_then(|v| v.to_str().ok()).map(str::to_owned);
        Some((upstream, ProxyRequest { project: project.clone(), accept }))
    }
}

fn page(upstream: &ProxyAnswer) -> Response {
    match upstream.status {
        200 => {
            let body = links::absolute(upstream);
            answer::bytes(200, &upstream.content_type, body)
        }
        404 => answer::text_not_found(),
        other => {
            let message = format!("the upstream index answered {other}\n");
            answer::bytes(502, "text/plain; charset=UTF-8", message)
        }
    }
}
