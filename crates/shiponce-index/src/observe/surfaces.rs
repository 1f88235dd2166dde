//! Every page by which an index shows a project, as the next reader gets it.

use futures_util::future::join_all;
use shiponce_core::PackageName;
use shiponce_core::propagation::Page;
use url::Url;

use super::exchange::{Asked, Exchange, Got};
use super::reader::{JSON, SIMPLE};
use super::verdict::{Api, Found, judge};
use super::{Observer, Source, assemble};
use crate::index::Index;

/// Asks for the HTML form of a Simple page, a cache object of its own (`Vary: Accept`).
const HTML: &str = "text/html";

/// One page and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surface {
    /// Which page; the JSON form of the Simple API is asked for with an installer's own `Accept`.
    pub source: Source,
    /// What it says, or why it could not be read. A 404 is a page without files.
    pub page: Result<Page, String>,
}

impl Observer {
    /// Reads every page that `index` has of `project`, each once, side by side, and past no cache: what comes is what an
    /// installer gets here and now. An index that has one form of Simple page gives one.
    pub async fn surfaces(&self, index: &Index, project: &PackageName) -> Vec<Surface> {
        let simple = index.simple_page(project);
        let asked = [
            simple.clone().map(|url| (url, SIMPLE, Api::Simple, Source::SimpleJson)),
            simple.map(|url| (url, HTML, Api::Simple, Source::SimpleHtml)),
            index.json_page(project).map(|url| (url, JSON, Api::Json, Source::LegacyJson)),
        ];
        let read = |(url, accept, api, source): (Url, &'static str, Api, Source)| async move {
            match self.surface(index, project, url, accept, api).await {
                Ok((served, page)) => Surface { source: served.unwrap_or(source), page: Ok(page) },
                Err(why) => Surface { source, page: Err(why) },
            }
        };
        let mut surfaces = join_all(asked.into_iter().flatten().map(read)).await;
        surfaces.dedup_by_key(|surface| surface.source);
        surfaces
    }

    async fn surface(
        &self,
        index: &Index,
        project: &PackageName,
        url: Url,
        accept: &'static str,
        api: Api,
    ) -> Result<(Option<Source>, Page), String> {
        let until = self.clock.monotonic().saturating_add(self.options.deadline);
        let (transport, clock, options) = (&*self.transport, &*self.clock, &self.options);
        let exchange = Exchange { transport, clock, options, index, until };
        let asked = Asked { url, accept, etag: None, bypass: false };
        let judged = |got: Got| judge(index, project, api, false, &got);
        match exchange.ask(&asked, judged).await? {
            Found::Page(found) => {
                let source = found.source;
                let listing = assemble::listing(found.page, found.serial, index)
                    .map_err(|contradiction| contradiction.to_string())?;
                let files = listing.files.into_iter().map(|(name, file)| (name, file.sha256)).collect();
                Ok((Some(source), Page { serial: listing.serial, files }))
            }
            Found::Absent { serial } => Ok((None, Page { serial, files: Default::default() })),
            Found::Unchanged => Err("the index says that nothing changed, and nothing was asked".to_owned()),
        }
    }
}
