//! The Simple API in HTML (PEP 503, PEP 592, PEP 629, PEP 792).
//!
//! A page of HTML with status 200 may be anything: a captive portal, a login form, an error page. It counts as a
//! page of the project only when it lists a file of the project, or says itself that it is an index's page.

use shiponce_core::PackageName;
use shiponce_core::filename::DistFilename;
use shiponce_core::names::normalize;
use shiponce_core::observation::{ProjectStatus, RemoteFile};
use url::Url;

use super::page::{Page, PageError, filename_of, status};
use crate::text::{Token, Tokens};

/// Endings of files that were ever distributed through an index. Other links on the page (parent folder, refresh) are
/// no files.
const ENDINGS: [&str; 13] = [
    ".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.z", ".egg", ".exe", ".msi", ".rpm",
    ".deb", ".dmg",
];

/// Reads a page of `project` that was served at `at`.
pub(crate) fn read(body: &str, project: &PackageName, at: &Url) -> Result<Page, PageError> {
    let mut reader = Reader { base: at.clone(), files: Vec::new(), seen: Seen::default() };
    for token in Tokens::new(body) {
        reader.take(&token);
    }
    let Reader { files, seen, .. } = reader;
    let ours =
        |file: &RemoteFile| file.filename.parse().is_ok_and(|name: DistFilename| name.project() == project);
    if let Some(version) = seen.version.filter(|version| version.split('.').next() != Some("1")) {
        return Err(PageError::ApiVersion(version));
    }
    if !files.iter().any(ours) {
        let titled = |name: &str| normalize(name.trim()) == project.normalized();
        let says_so = seen.repository || seen.title.strip_prefix("links for ").is_some_and(titled);
        match (seen.captive, says_so) {
            (true, _) => return Err(PageError::Captive),
            (false, false) => return Err(PageError::NotAnIndex),
            (false, true) => {}
        }
    }
    Ok(Page { status: seen.status, files, serial: seen.serial, complete: true })
}

/// Marks found on the page besides its links.
#[derive(Default)]
struct Seen {
    version: Option<String>,
    repository: bool,
    captive: bool,
    in_title: bool,
    title: String,
    status: ProjectStatus,
    serial: Option<u64>,
    based: bool,
}

struct Reader {
    base: Url,
    files: Vec<RemoteFile>,
    seen: Seen,
}

impl Reader {
    fn take(&mut self, token: &Token<'_>) {
        match token {
            Token::Start { name, .. } => self.start(name, token),
            Token::End(name) if name == "title" => self.seen.in_title = false,
            Token::Text(text) if self.seen.in_title => self.seen.title.push_str(&text.trim().to_lowercase()),
            // PyPI ends its pages with `<!--SERIAL 123-->`.
            Token::Comment(text) => {
                let serial =
                    text.trim().strip_prefix("SERIAL ").and_then(|number| number.trim().parse().ok());
                self.seen.serial = serial.or(self.seen.serial);
            }
            Token::End(_) | Token::Text(_) => {}
        }
    }

    fn start(&mut self, name: &str, token: &Token<'_>) {
        match name {
            "a" => self.files.extend(self.link(token)),
            "base" if !self.seen.based => {
                let base = token.attribute("href").and_then(|href| self.base.join(href.trim()).ok());
                if let Some(base) = base {
                    self.base = base;
                    self.seen.based = true;
                }
            }
            "meta" => self.meta(token),
            "title" => self.seen.in_title = true,
            "form" => self.seen.captive = true,
            "input" => {
                self.seen.captive |=
                    token.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
            }
            _ => {}
        }
    }

    fn meta(&mut self, token: &Token<'_>) {
        let refresh = |kind: &str| kind.eq_ignore_ascii_case("refresh");
        self.seen.captive |= token.attribute("http-equiv").is_some_and(refresh);
        let content = token.attribute("content").unwrap_or_default();
        match token.attribute("name") {
            Some("pypi:repository-version") => {
                self.seen.repository = true;
                self.seen.version = Some(content.to_owned());
            }
            Some("pypi:project-status") => self.seen.status = status(content),
            _ => {}
        }
    }

    fn link(&self, token: &Token<'_>) -> Option<RemoteFile> {
        let mut url = self.base.join(token.attribute("href")?.trim()).ok()?;
        let filename = filename_of(&url)?;
        let lower = filename.to_ascii_lowercase();
        if !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            return None;
        }
        let hex = url.fragment().and_then(|fragment| {
            fragment.split('&').find_map(|pair| pair.strip_prefix("sha256=")).map(ToOwned::to_owned)
        });
        url.set_fragment(None);
        Some(RemoteFile {
            filename,
            sha256: hex.and_then(|hex| hex.parse().ok()),
            size: None,
            uploaded_at: None,
            yanked: token.attribute("data-yanked").map(ToOwned::to_owned),
            url: Some(url.into()),
            provenance: token
                .attribute("data-provenance")
                .and_then(|to| self.base.join(to).ok())
                .map(Into::into),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(body: &str) -> Result<Page, PageError> {
        let at = Url::parse("http://127.0.0.1:1/simple/demo/").unwrap();
        read(body, &"demo".parse().unwrap(), &at)
    }

    #[test]
    fn reads_pypis_page() {
        let hex = "ab".repeat(32);
        let page = page(&format!(
            "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"1.4\">\n    \
             <meta name=\"pypi:project-status\" content=\"quarantined\">\n<title>Links for Demo</title>\n  </head>\n  <body>\n\
             <a href=\"http://files/ab/demo-1.0-py3-none-any.whl#sha256={hex}\" data-requires-python=\"&gt;=3.9\" \
             data-yanked=\"bad &amp; wrong\">demo-1.0-py3-none-any.whl</a><br />\n<a href='/f/demo-1.0.tar.gz'>x</a>\
             <a href=\"../\">up</a></body>\n</html>\n<!--SERIAL 42-->"
        ))
        .unwrap();
        assert_eq!((page.status, page.serial), (ProjectStatus::Quarantined, Some(42)));
        let [wheel, sdist] = &page.files[..] else { panic!("{page:?}") };
        assert_eq!(wheel.url.as_deref(), Some("http://files/ab/demo-1.0-py3-none-any.whl"));
        assert_eq!((wheel.sha256, wheel.yanked.as_deref()), (hex.parse().ok(), Some("bad & wrong")));
        assert_eq!(
            (sdist.url.as_deref(), sdist.sha256),
            (Some("http://127.0.0.1:1/f/demo-1.0.tar.gz"), None)
        );
    }

    #[test]
    fn base_moves_relative_links_once() {
        let page = page("<base href=/a/b/><base href=/c/><a href=demo-1.0.zip#md5=1&sha256=0>").unwrap();
        assert_eq!(page.files[0].url.as_deref(), Some("http://127.0.0.1:1/a/b/demo-1.0.zip"));
    }

    #[test]
    fn an_empty_page_counts_only_when_it_says_what_it_is() {
        assert!(page("<title>Links for DEMO</title><h1>Links for DEMO</h1>").unwrap().files.is_empty());
        assert!(page("<meta name='pypi:repository-version' content='1.0'>").unwrap().files.is_empty());
        let refused = |body: &str| page(body).unwrap_err().to_string();
        for body in ["<title>Links for other</title>", "", "<html><body>It works!</body></html>", "hello"] {
            assert!(refused(body).contains("does not look like"), "{body}");
        }
        for body in [
            "<form action=/login><input name=user></form>",
            "<meta http-equiv=Refresh content='0; url=http://portal/'>",
            "<title>Links for demo</title><input type=PASSWORD>",
        ] {
            assert!(refused(body).contains("login"), "{body}");
        }
        // devpi has a form on pages of mirrored projects; the listed files speak for the page.
        assert_eq!(page("<form></form><a href=demo-1.0.tar.gz>").unwrap().files.len(), 1);
        assert!(refused("<meta name='pypi:repository-version' content='2.0'>").contains("API version"));
        assert!(refused("<a href=/other-1.0.tar.gz>other</a>").contains("does not look like"));
    }

    proptest! {
        #[test]
        fn never_panics(body in any::<String>()) {
            if let Ok(page) = page(&body) {
                prop_assert!(page.files.len() <= body.len());
            }
        }

        #[test]
        fn never_panics_on_markup(body in "(<a href=[a-z./#='\"&%0-9-]{0,20}>|<base href=[^ ]{0,9}>|<meta name=.{0,9}>|<!--|.){0,12}") {
            if let Ok(page) = page(&body) {
                prop_assert!(page.files.len() <= body.len());
            }
        }
    }
}
