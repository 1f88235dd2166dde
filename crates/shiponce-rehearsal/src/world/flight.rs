//! A request on its way through the world: admitted by its head, begun when its body is there, finished
//! when its work is done. Between begin and finish it is in flight, and others may overtake it.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::HOST;
use http::request::Parts;
use jiff::Timestamp;

use super::World;
use super::log::{Exchange, LogEntry, Moment};
use crate::address::{Addresses, Index};
use crate::answer::Response;
use crate::dispatch;
use crate::fault::{self, FaultKind, FaultSpec};
use crate::github;
use crate::route::Route;
use crate::text::normalize;
use crate::upload::{Form, Sighting};

/// A request whose head has arrived.
#[derive(Debug)]
pub struct Admission {
    index: Option<Index>,
    route: Route,
    fault: Option<FaultSpec>,
    sequence: u64,
}

impl Admission {
    /// Whether the connection dies when half of the body has been read. The request is then still to be
    /// finished, with what was read of its body, so that it appears in the log.
    #[must_use]
    pub fn cuts_reading(&self) -> bool {
        self.fault.as_ref().is_some_and(|f| f.kind == FaultKind::CutReading)
    }

    /// Whether this is an upload; the real service works on few of these at the same time.
    #[must_use]
    pub fn is_upload(&self) -> bool {
        self.route == Route::Legacy { slash: true }
    }
}

/// A request that has arrived in full and whose work is not done.
#[derive(Debug)]
pub struct InFlight {
    world: World,
    pub(crate) call: Call,
    sighting: Option<Sighting>,
    fault: Option<FaultSpec>,
    entry: LogEntry,
}

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) index: Option<Index>,
    pub(crate) route: Route,
    pub(crate) method: http::Method,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Bytes,
    pub(crate) form: Option<Form>,
    pub(crate) addresses: Option<Addresses>,
}

impl Call {
    /// The request put together again.
    fn request(&self) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        request.headers_mut().clone_from(&self.headers);
        let question = if self.query.is_empty() { "" } else { "?" };
        if let Ok(uri) = format!("{}{question}{}", self.path, self.query).parse() {
            *request.uri_mut() = uri;
        }
        request
    }
}

/// What happened inside.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) response: Response,
    pub(crate) changed: bool,
}

/// Set on requests that arrive on the listener of one index alone; their paths carry no prefix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mounted(pub(crate) Index);

impl World {
    /// Looks at the head of a request: counts it, and decides which fault meets it.
    #[must_use]
    pub fn admit(&self, head: &Parts) -> Admission {
        let mounted = head.extensions.get::<Mounted>().map(|m| m.0);
        let (index, route) = match github::Target::parse(head).filter(|_| mounted.is_none()) {
            Some(target) => (None, Route::Github(target)),
            None => Route::parse(head.uri.path(), mounted),
        };
        let mut state = self.state();
        let fault = state.faults.meet(index, route.kind());
        let sequence = state.arrived;
        state.arrived += 1;
        Admission { index, route, fault, sequence }
    }

    /// Takes a request in without doing its work. Two uploads that are both in flight for the same new
    /// release do to each other what they do on the real service: the one that finishes first is stored,
    /// the other answers 500.
    #[must_use]
    pub fn begin(&self, request: http::Request<Bytes>, now: Timestamp) -> InFlight {
        let (parts, body) = request.into_parts();
        let admission = self.admit(&parts);
        self.begin_admitted(admission, &parts, body, now)
    }

    /// As [`World::begin`], for a request that was admitted by its head.
    #[must_use]
    pub fn begin_admitted(
        &self,
        admission: Admission,
        head: &Parts,
        body: Bytes,
        now: Timestamp,
    ) -> InFlight {
        let Admission { index, route, fault, sequence } = admission;
        let is_upload = route == Route::Legacy { slash: true } && head.method == http::Method::POST;
        let form = is_upload.then(|| Form::parse(&head.headers, &body));
        let action = form.as_ref().and_then(|f| f.one(":action"));
        let is_write = action == Some("file_upload") || route.github().is_some_and(github::Target::is_write);
        let form_project = form.as_ref().and_then(|f| f.one("name")).map(normalize);
        let form_file = form.as_ref().and_then(|f| f.content.as_ref()).map(|c| c.filename.clone());
        let entry = LogEntry {
            sequence,
            at: now,
            index,
            route: route.kind(),
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            project: form_project.or_else(|| route.project().map(normalize)),
            filename: form_file.or_else(|| route.filename(head.uri.query())),
            repository: route.github().and_then(|target| target.repository.clone()),
            status: None,
            bytes_in: body.len() as u64,
            is_write,
            changed: false,
            proxied: false,
            fault: fault.as_ref().map(ToString::to_string),
        };
        let sighting = match (&form, index) {
            (Some(form), Some(index)) if action == Some("file_upload") => {
                Sighting::take(self.state().index(index), form)
            }
            _ => None,
        };
        let mounted = head.extensions.get::<Mounted>().is_some();
        let call = Call {
            index,
            route,
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            addresses: index.map(|index| addresses(head, index, mounted)),
            headers: head.headers.clone(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            body,
            form,
        };
        InFlight { world: self.clone(), call, sighting, fault, entry }
    }
}

/// Absolute addresses as the client knows them: from the request's own URL or its Host header.
fn addresses(head: &Parts, index: Index, mounted: bool) -> Addresses {
    let host = head.headers.get(HOST).and_then(|v| v.to_str().ok());
    let authority = head.uri.authority().map(http::uri::Authority::as_str).or(host).unwrap_or("127.0.0.1");
    let scheme = head.uri.scheme_str().unwrap_or("http");
    let base = format!("{scheme}://{authority}");
    if mounted { Addresses { root: base } } else { index.addresses(&base) }
}

impl InFlight {
    /// How long the request stays in flight on the real service, as far as it matters: uploads have
    /// [`WorldConfig::upload_time`](crate::WorldConfig), those that create a project or a release
    /// [`WorldConfig::creation_time`](crate::WorldConfig) on top, others nothing. Whoever carries requests waits so
    /// long between begin and finish.
    #[must_use]
    pub fn duration(&self) -> Duration {
        let Some(sighting) = &self.sighting else { return Duration::ZERO };
        let config = self.world.config();
        let creation = if sighting.creates() { config.creation_time } else { Duration::ZERO };
        config.upload_time + creation
    }

    /// Does the work and answers; see [`World::handle`] for what the answer's extensions mean.
    #[must_use]
    pub fn finish(self, now: Timestamp) -> Response {
        let kind = self.fault.as_ref().map(|f| f.kind.clone());
        self.observe(Moment::BeforeEffect, &self.entry);
        let instead = kind.as_ref().and_then(|kind| self.instead(kind, now));
        let done = match instead {
            Some(response) => Done { response, changed: false },
            None => self.work(now, kind.as_ref()),
        };
        let mut response = done.response;
        if let Some(kind) = &kind {
            response = match self.call.route.github() {
                Some(_) => github::after(kind, &self.call, response),
                None => fault::after(kind, &self.call.headers, response),
            };
        }
        self.close(response, done.changed, false, now)
    }

    /// The answer of a fault that keeps the request from being carried out.
    fn instead(&self, kind: &FaultKind, now: Timestamp) -> Option<Response> {
        let Some(target) = self.call.route.github() else {
            return fault::before(kind, &self.call.headers, self.call.addresses.as_ref());
        };
        let mut state = self.world.state();
        let now = now.saturating_add(state.offset).unwrap_or(now);
        github::before(kind, &self.call, target, &mut state.github, now)
    }

    /// Ends the request with an answer that came from the upstream.
    pub(crate) fn finish_with(self, response: Response, now: Timestamp) -> Response {
        self.observe(Moment::BeforeEffect, &self.entry);
        self.close(response, false, true, now)
    }

    /// Whether a fault meets this request.
    pub(crate) fn is_struck(&self) -> bool {
        self.fault.is_some()
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    fn work(&self, now: Timestamp, kind: Option<&FaultKind>) -> Done {
        let mut state = self.world.state();
        let now = now.saturating_add(state.offset).unwrap_or(now);
        if let Some(target) = self.call.route.github() {
            return github::work(&self.call, target, &mut state.github, self.entry.sequence, now);
        }
        let Some(index) = self.call.index else {
            state.identities += 1;
            return dispatch::outside(&self.call, self.world.config(), state.identities, now);
        };
        let index_state = state.index(index);
        // Switches a fault sets for this one request.
        let before = index_state.switches;
        match kind {
            Some(FaultKind::NewProjectsDisabled) => index_state.switches.new_projects_disabled = true,
            Some(FaultKind::OidcDisabled) => index_state.switches.oidc_disabled = true,
            _ => {}
        }
        let done =
            dispatch::inside(&self.call, index_state, self.sighting.as_ref(), self.world.config(), now);
        index_state.switches = before;
        done
    }

    fn close(self, mut response: Response, changed: bool, proxied: bool, now: Timestamp) -> Response {
        let latency = self.world.config().latency;
        if latency > Duration::ZERO {
            let delay = response.extensions().get::<Duration>().copied().unwrap_or_default();
            response.extensions_mut().insert(delay + latency);
        }
        let died = response.extensions().get::<std::io::ErrorKind>().is_some();
        let mut entry = self.entry.clone();
        entry.status = (!died).then(|| response.status().as_u16());
        entry.changed = changed;
        entry.proxied = proxied;
        {
            let mut state = self.world.state();
            entry.at = now.saturating_add(state.offset).unwrap_or(now);
            state.log.push(entry.clone());
            if self.world.config().keep_exchanges && entry.route.is_github() {
                let exchange = Exchange {
                    entry: entry.clone(),
                    request: self.call.request(),
                    response: response.clone(),
                };
                state.exchanges.push(exchange);
            }
        }
        self.observe(Moment::AfterEffect, &entry);
        response
    }

    /// Calls the observer outside the lock: it may look at the world.
    fn observe(&self, moment: Moment, entry: &LogEntry) {
        let observer = self.world.state().observer.clone();
        if let Some(observer) = observer {
            observer.call(moment, entry);
        }
    }
}
