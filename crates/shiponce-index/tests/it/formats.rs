//! One listing, three formats: the readers agree.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use shiponce_core::observation::Listing;
use shiponce_index::{Freshness, Observer, ReadOptions, Source};

use crate::lab::{answer, clock, demo, index, server};

#[derive(Debug, Clone)]
struct Remote {
    build: u8,
    sha256: [u8; 32],
    size: u32,
    seconds: u32,
    yanked: Option<String>,
    folder: String,
}

impl Remote {
    fn name(&self) -> String {
        format!("demo-1.0-{}-py3-none-any.whl", self.build)
    }

    fn hex(&self) -> String {
        shiponce_core::Sha256(self.sha256).to_string()
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:9/files/{}/{}", self.folder, self.name())
    }

    fn time(&self) -> String {
        jiff::Timestamp::from_second(i64::from(self.seconds)).unwrap().to_string()
    }
}

fn remotes() -> impl Strategy<Value = Vec<Remote>> {
    let one = (
        any::<u8>(),
        any::<[u8; 32]>(),
        any::<u32>(),
        any::<u32>(),
        proptest::option::of("[ -~]{0,12}"),
        "x[a-z0-9._~!$()*,;:@-]{0,8}",
    );
    let one = one.prop_map(|(build, sha256, size, seconds, yanked, folder)| Remote {
        build,
        sha256,
        size,
        seconds,
        yanked,
        folder,
    });
    proptest::collection::btree_map(any::<u8>(), one, 0..6)
        .prop_map(|map| map.into_iter().map(|(build, remote)| Remote { build, ..remote }).collect())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn html(files: &[Remote]) -> String {
    let mut page =
        "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" content=\"1.4\"></head><body>"
            .to_owned();
    for file in files {
        let yanked =
            file.yanked.as_ref().map_or_else(String::new, |why| format!(" data-yanked=\"{}\"", escaped(why)));
        let (url, hex, name) = (escaped(&file.url()), file.hex(), file.name());
        write!(page, "<a href=\"{url}#sha256={hex}\"{yanked}>{name}</a><br/>").unwrap();
    }
    page + "</body></html><!--SERIAL 5-->"
}

fn simple(files: &[Remote]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            json!({"filename": file.name(), "url": file.url(), "hashes": {"sha256": file.hex()}, "size": file.size,
                   "upload-time": file.time(), "yanked": file.yanked.as_ref().map_or(json!(false), |why| json!(why))})
        })
        .collect();
    json!({"meta": {"api-version": "1.4", "_last-serial": 5}, "name": "Demo", "files": files}).to_string()
}

fn legacy(files: &[Remote]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            json!({"filename": file.name(), "url": file.url(), "digests": {"sha256": file.hex()}, "size": file.size,
                   "upload_time_iso_8601": file.time(), "yanked": file.yanked.is_some(), "yanked_reason": file.yanked})
        })
        .collect();
    json!({"info": {"name": "demo"}, "last_serial": 5, "releases": {"1.0": files, "0.9": []}, "urls": files})
        .to_string()
}

/// Reads what a server with these pages lists, through the Simple API as HTML or JSON, or through the JSON API.
fn listed(files: &[Remote], source: Source) -> Listing {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let files = Arc::new(files.to_vec());
        let clock = clock();
        let (transport, _) = server(&clock, move |request, _| match (request.uri().path(), source) {
            ("/simple/demo/", Source::SimpleHtml) => answer(200, "text/html; charset=utf-8", html(&files)),
            ("/simple/demo/", _) => answer(200, "application/vnd.pypi.simple.v1+json", simple(&files)),
            _ => answer(200, "application/json", legacy(&files)),
        });
        let mut index = index("http://127.0.0.1:9");
        match source {
            Source::LegacyJson => index.simple = None,
            Source::SimpleJson => index.json = None,
            Source::SimpleHtml => {}
        }
        let observer = Observer::new(transport, clock, ReadOptions::default());
        let reading = observer.read(&index, &demo(), Freshness::Bypass).await;
        assert_eq!(reading.source, Some(source));
        reading.listing().expect("is listed").clone()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn three_formats_give_one_listing(files in remotes()) {
        let json = listed(&files, Source::SimpleJson);
        prop_assert_eq!(json.files.len(), files.len());
        for file in &files {
            let found = &json.files[&file.name()];
            prop_assert_eq!(found.sha256, Some(shiponce_core::Sha256(file.sha256)));
            prop_assert_eq!(&found.yanked, &file.yanked);
            let url = file.url();
            prop_assert_eq!(found.url.as_deref(), Some(url.as_str()));
            prop_assert_eq!(found.uploaded_at.unwrap().0, i64::from(file.seconds) * 1_000_000);
        }
        prop_assert_eq!(&listed(&files, Source::LegacyJson), &json);
        // HTML has no sizes and times; the JSON API supplies them.
        prop_assert_eq!(&listed(&files, Source::SimpleHtml), &json);
    }
}
