//! How far a release has come to its readers: every page by which an index shows a project is cached on its own, so one
//! can be old while another is new.
//!
//! What tells an old page from a missing file is the index's change counter: a page with a lower one than a page that
//! shows the files was made before they were there. A page that is as new and lacks a file contradicts it.

use crate::digest::Sha256;
use std::collections::BTreeMap;

/// What one page says. Only what a reader gets counts, so nothing asks caches to be passed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The index's change counter when the page was made; `None` where an index has none.
    pub serial: Option<u64>,
    /// The files on it; the digest is `None` where the page has none for a file.
    pub files: BTreeMap<String, Option<Sha256>>,
}

/// What one page means for a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageVerdict {
    /// Every file is on it.
    Shows,
    /// It lacks a file that the index has: it is older than the file.
    Behind,
    /// It lacks a file, and nothing says that it is old.
    Lacks,
    /// It has other bytes under a name of the release.
    OtherBytes,
    /// It could not be read.
    Unread,
}

impl PageVerdict {
    /// The stable word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shows => "shows",
            Self::Behind => "behind",
            Self::Lacks => "lacks",
            Self::OtherBytes => "other-bytes",
            Self::Unread => "unread",
        }
    }
}

/// What all pages together mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Every page that could be read shows every file.
    Everywhere,
    /// The index has every file, and a page that readers get here is older than that.
    EdgeStale,
    /// A file is on no page, or a page as new as the others lacks it.
    Missing,
    /// A page has other bytes under a name of the release.
    OtherBytes,
    /// No page could be read.
    Unread,
}

impl Verdict {
    /// The stable word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::EdgeStale => "edge-stale",
            Self::Missing => "missing",
            Self::OtherBytes => "other-bytes",
            Self::Unread => "unread",
        }
    }
}

/// Judges pages by name, digest and serial. `read_back` is the serial of a page that showed every file before, when
/// there was one; `None` in a page's place is one that could not be read.
#[must_use]
pub fn judge(
    wanted: &BTreeMap<String, Sha256>,
    pages: &[Option<Page>],
    read_back: Option<u64>,
) -> (Vec<PageVerdict>, Verdict) {
    let shows = |page: &Page| wanted.keys().all(|name| page.files.contains_key(name));
    let showing = || pages.iter().flatten().filter(|page| shows(page));
    let newest = showing().filter_map(|page| page.serial).chain(read_back).max();
    // Without serials a page that shows the files is all that speaks for the index having them.
    let known = showing().next().is_some() || read_back.is_some();
    let one = |page: &Option<Page>| {
        let Some(page) = page else { return PageVerdict::Unread };
        let differs = |(name, sha256): (&String, &Sha256)| {
            page.files.get(name).copied().flatten().is_some_and(|there| there != *sha256)
        };
        match (page.serial, newest) {
            _ if wanted.iter().any(differs) => PageVerdict::OtherBytes,
            _ if shows(page) => PageVerdict::Shows,
            (Some(serial), Some(newest)) if serial >= newest => PageVerdict::Lacks,
            _ if known => PageVerdict::Behind,
            _ => PageVerdict::Lacks,
        }
    };
    let verdicts: Vec<PageVerdict> = pages.iter().map(one).collect();
    let any = |wanted: PageVerdict| verdicts.contains(&wanted);
    let verdict = match () {
        () if any(PageVerdict::OtherBytes) => Verdict::OtherBytes,
        () if any(PageVerdict::Lacks) => Verdict::Missing,
        () if any(PageVerdict::Behind) => Verdict::EdgeStale,
        () if any(PageVerdict::Shows) => Verdict::Everywhere,
        () => Verdict::Unread,
    };
    (verdicts, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Sha256 = Sha256([1; 32]);

    fn wanted() -> BTreeMap<String, Sha256> {
        [("a.whl".to_owned(), OURS)].into()
    }

    fn page(serial: Option<u64>, files: &[(&str, Option<Sha256>)]) -> Option<Page> {
        let files = files.iter().map(|(name, sha256)| ((*name).to_owned(), *sha256)).collect();
        Some(Page { serial, files })
    }

    fn words(pages: &[Option<Page>], read_back: Option<u64>) -> String {
        let (each, all) = judge(&wanted(), pages, read_back);
        let each: Vec<&str> = each.into_iter().map(PageVerdict::word).collect();
        format!("{}: {}", each.join(" "), all.word())
    }

    #[test]
    fn an_old_page_is_told_from_a_missing_file() {
        let new = page(Some(7), &[("a.whl", Some(OURS))]);
        let old = page(Some(6), &[]);
        let gone = page(Some(7), &[]);
        assert_eq!(words(&[new.clone(), new.clone()], None), "shows shows: everywhere");
        assert_eq!(words(&[new.clone(), old.clone()], None), "shows behind: edge-stale");
        assert_eq!(words(&[new.clone(), gone.clone()], None), "shows lacks: missing");
        assert_eq!(words(&[old.clone(), old.clone()], Some(7)), "behind behind: edge-stale");
        assert_eq!(words(&[gone, old.clone()], Some(7)), "lacks behind: missing");
        assert_eq!(words(&[old.clone(), old], None), "lacks lacks: missing");
        assert_eq!(words(&[None, new], None), "unread shows: everywhere");
        assert_eq!(words(&[None, None], Some(7)), "unread unread: unread");
    }

    #[test]
    fn without_serials_another_page_speaks_for_the_file() {
        let new = page(None, &[("a.whl", None)]);
        let old = page(None, &[]);
        assert_eq!(words(&[new, old.clone()], None), "shows behind: edge-stale");
        assert_eq!(words(&[old], None), "lacks: missing");
    }

    #[test]
    fn other_bytes_come_before_everything() {
        let other = page(Some(9), &[("a.whl", Some(Sha256([2; 32])))]);
        let new = page(Some(7), &[("a.whl", Some(OURS))]);
        assert_eq!(words(&[new, other], None), "shows other-bytes: other-bytes");
    }
}
