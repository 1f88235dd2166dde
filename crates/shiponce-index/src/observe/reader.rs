//! One reading: which addresses are asked, and how their answers add up.

use shiponce_core::PackageName;
use shiponce_core::observation::{Listing, View};
use shiponce_io::Clock;
use shiponce_io::http::Transport;
use url::Url;

use super::assemble::{self, add, lacks_details};
use super::exchange::{Asked, Exchange, Got, Miss};
use super::options::ReadOptions;
use super::page::stamp;
use super::verdict::{Api, Found, FoundPage, judge};
use super::{Freshness, Reading, Source};
use crate::index::Index;

/// What pip sends, byte for byte: caches keep one object per `Accept`, so this asks for the very page that the next
/// installation gets.
pub(super) const SIMPLE: &str =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
pub(super) const JSON: &str = "application/json";

/// A listing and where it came from.
struct Read {
    listing: Listing,
    etag: Option<String>,
    source: Option<Source>,
}

/// An absence, unless the project was there before: then something old answered, or somebody deleted the project while
/// we look at it, and neither is a reason to upload.
fn absent(url: &Url, serial: Option<u64>, floor: Option<u64>) -> Result<Read, String> {
    match floor {
        Some(floor) => {
            Err(format!("`{url}` answered 404, and the project was there before at serial {floor}"))
        }
        None => Ok(Read { listing: Listing { serial, ..Listing::default() }, etag: None, source: None }),
    }
}

/// Reads one project once.
pub(crate) struct Reader<'a> {
    exchange: Exchange<'a>,
    project: &'a PackageName,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        transport: &'a dyn Transport,
        clock: &'a dyn Clock,
        options: &'a ReadOptions,
        index: &'a Index,
        project: &'a PackageName,
    ) -> Self {
        let until = clock.monotonic().saturating_add(options.deadline);
        Self { exchange: Exchange { transport, clock, options, index, until }, project }
    }

    /// Reads. `known` is revalidated if it has a validator; a page whose serial is below `floor` is not believed.
    pub(crate) async fn read(
        &self,
        freshness: Freshness,
        known: Option<&Reading>,
        floor: Option<u64>,
    ) -> Reading {
        let bypass = freshness == Freshness::Bypass;
        let index = self.exchange.index;
        let read = match (index.simple_page(self.project), index.json_page(self.project)) {
            (None, None) => Err(format!("index `{}` has neither a Simple nor a JSON address", index.name)),
            (None, Some(url)) => self.json_alone(self.asked(url, JSON, known, bypass), known, floor).await,
            (Some(url), _) => self.simple(self.asked(url, SIMPLE, known, bypass), known, floor).await,
        };
        let read_at = stamp(self.exchange.clock.now());
        match read {
            Ok(Read { listing, etag, source }) => Reading {
                serial: listing.serial,
                view: View::Listed(listing),
                etag,
                source,
                read_at,
                from_cache: false,
            },
            Err(why) => Reading {
                view: View::Unobserved { why },
                etag: None,
                serial: None,
                source: None,
                read_at,
                from_cache: false,
            },
        }
    }

    fn asked<'k>(
        &self,
        url: Url,
        accept: &'static str,
        known: Option<&'k Reading>,
        bypass: bool,
    ) -> Asked<'k> {
        let etag = known.and_then(|known| known.etag.as_deref());
        Asked { url, accept, etag, bypass }
    }

    async fn simple(
        &self,
        asked: Asked<'_>,
        known: Option<&Reading>,
        floor: Option<u64>,
    ) -> Result<Read, String> {
        let bypass = asked.bypass;
        match self.ask(&asked, Api::Simple, floor).await? {
            Found::Unchanged => unchanged(known),
            Found::Page(found) => {
                let mut read = self.listed(*found)?;
                if lacks_details(&read.listing) {
                    self.fill_in(&mut read.listing, bypass).await?;
                }
                Ok(read)
            }
            Found::Absent { serial } => {
                let read = self.other_answer_than_404(bypass, floor).await?;
                read.map_or_else(|| absent(&asked.url, serial, floor), Ok)
            }
        }
    }

    async fn json_alone(
        &self,
        asked: Asked<'_>,
        known: Option<&Reading>,
        floor: Option<u64>,
    ) -> Result<Read, String> {
        let url = asked.url.clone();
        match self.ask(&asked, Api::Json, floor).await? {
            Found::Unchanged => unchanged(known),
            Found::Absent { serial } => absent(&url, serial, floor),
            Found::Page(found) => self.listed_whole(*found, &url),
        }
    }

    /// Absence is never taken from one answer: 404s are cached too, so the JSON API, another object in every cache, is
    /// asked as well where there is one. If it lists the project, the project is there.
    async fn other_answer_than_404(&self, bypass: bool, floor: Option<u64>) -> Result<Option<Read>, String> {
        let Some(url) = self.exchange.index.json_page(self.project) else { return Ok(None) };
        let asked = self.asked(url, JSON, None, bypass);
        match self.ask(&asked, Api::Json, floor).await? {
            Found::Page(found) => {
                // The next reading asks the Simple API, whose validators are others.
                let read = self.listed_whole(*found, &asked.url)?;
                Ok(Some(Read { etag: None, ..read }))
            }
            Found::Absent { .. } | Found::Unchanged => Ok(None),
        }
    }

    /// A page of the JSON API that must stand alone.
    fn listed_whole(&self, found: FoundPage, url: &Url) -> Result<Read, String> {
        if !found.page.complete {
            return Err(format!(
                "`{url}` lists the newest version only, and no Simple page lists the others"
            ));
        }
        self.listed(found)
    }

    /// Asks the JSON API for what the Simple page lacks. If it cannot be read, the listing stands as it is: a name
    /// without a digest is compared by downloading it.
    async fn fill_in(&self, listing: &mut Listing, bypass: bool) -> Result<(), String> {
        let Some(url) = self.exchange.index.json_page(self.project) else { return Ok(()) };
        let asked = self.asked(url, JSON, None, bypass);
        if let Ok(Found::Page(found)) = self.ask(&asked, Api::Json, None).await {
            add(listing, found.page.files, self.exchange.index).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn listed(&self, found: FoundPage) -> Result<Read, String> {
        let FoundPage { page, etag, serial, source } = found;
        let listing =
            assemble::listing(page, serial, self.exchange.index).map_err(|error| error.to_string())?;
        Ok(Read { listing, etag, source: Some(source) })
    }

    async fn ask(&self, asked: &Asked<'_>, api: Api, floor: Option<u64>) -> Result<Found, String> {
        let (index, project) = (self.exchange.index, self.project);
        let judged = |got: Got| {
            let found = judge(index, project, api, asked.etag.is_some(), &got)?;
            match too_old(&found, floor) {
                Some(why) => Err(Miss::passing(format!("`{}` {why}", got.url))),
                None => Ok(found),
            }
        };
        self.exchange.ask(asked, judged).await
    }
}

fn unchanged(known: Option<&Reading>) -> Result<Read, String> {
    let kept = known.and_then(|known| known.listing().map(|listing| (known, listing)));
    let Some((known, listing)) = kept else {
        return Err("the index says that nothing changed, and nothing is known".to_owned());
    };
    Ok(Read { listing: listing.clone(), etag: known.etag.clone(), source: known.source })
}

/// Why a page is older than what this process has seen already. Caches answer from different places; going back in
/// time would make a published file look absent.
fn too_old(found: &Found, floor: Option<u64>) -> Option<String> {
    let (Found::Page(page), Some(floor)) = (found, floor) else { return None };
    let serial = page.serial.filter(|serial| *serial < floor)?;
    Some(format!("is an old copy: its serial is {serial}, and {floor} was seen before"))
}
