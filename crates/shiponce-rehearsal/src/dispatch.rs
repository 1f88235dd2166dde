//! From an address and a method to the view that answers.

use http::Method;
use http::header::LOCATION;
use jiff::Timestamp;

use crate::address::Addresses;
use crate::answer::{self, Response};
use crate::oidc;
use crate::read;
use crate::route::Route;
use crate::upload::{self, Form, Limits, Sighting, Upload, Verdict};
use crate::world::{Call, Done, IndexState, WorldConfig};

/// Requests that belong to no index.
pub(crate) fn outside(call: &Call, config: &WorldConfig, number: u64, now: Timestamp) -> Done {
    unchanged(match call.route {
        Route::Runner if call.method == Method::GET => {
            oidc::issue(&config.runner, &call.headers, &call.query, number, now)
        }
        _ => answer::plain(&call.headers, 404),
    })
}

/// Requests to one index.
pub(crate) fn inside(
    call: &Call,
    state: &mut IndexState,
    sighting: Option<&Sighting>,
    config: &WorldConfig,
    now: Timestamp,
) -> Done {
    let (Some(addresses), Some(index)) = (&call.addresses, call.index) else {
        return unchanged(answer::plain(&call.headers, 404));
    };
    match &call.route {
        Route::Audience if call.method == Method::GET => unchanged(oidc::audience(state, index)),
        Route::Mint => oidc::mint(call, index, state, now),
        Route::Burn => oidc::burn(call, state),
        Route::Legacy { slash } if call.method == Method::POST => {
            if *slash {
                post(call, addresses, state, sighting, config, now)
            } else {
                unchanged(slashless(call, addresses))
            }
        }
        Route::OldUpload if call.method == Method::POST => {
            let message =
                format!("This API has moved to {}. See TODO for more information.", addresses.upload());
            unchanged(answer::said(&call.headers, 410, &message))
        }
        Route::DangerApi => unchanged(answer::plain(&call.headers, 403)),
        route if call.method == Method::GET || call.method == Method::HEAD => {
            let page = read::read(state, route, &call.headers, addresses, now);
            let page = page.unwrap_or_else(|| answer::plain(&call.headers, 404));
            unchanged(read::conditional(&call.headers, page))
        }
        _ => unchanged(answer::plain(&call.headers, 404)),
    }
}

fn unchanged(response: Response) -> Done {
    Done { response, changed: false }
}

fn slashless(call: &Call, addresses: &Addresses) -> Response {
    let message =
        "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)";
    let mut response = answer::said(&call.headers, 308, message);
    answer::header(&mut response, LOCATION, &addresses.upload());
    response
}

fn post(
    call: &Call,
    addresses: &Addresses,
    state: &mut IndexState,
    sighting: Option<&Sighting>,
    config: &WorldConfig,
    now: Timestamp,
) -> Done {
    let empty = Form::default();
    let form = call.form.as_ref().unwrap_or(&empty);
    match form.one(":action") {
        Some("file_upload") => {}
        Some("submit" | "submit_pkg_info") => {
            let message =
                "Project pre-registration is no longer required or supported, upload your files instead.";
            return unchanged(answer::said(&call.headers, 410, message));
        }
        Some("doc_upload") => {
            let message = "Uploading documentation is no longer supported, we recommend using Read the Docs.";
            return unchanged(answer::said(&call.headers, 410, message));
        }
        _ => return unchanged(answer::plain(&call.headers, 404)),
    }
    let own = match call.index {
        Some(crate::Index::TestPypi) => &config.testpypi,
        _ => &config.pypi,
    };
    let limits = Limits {
        file: own.file_limit,
        project: own.project_limit,
        new_projects_per_hour: own.new_projects_per_hour,
    };
    let upload = Upload { headers: &call.headers, form, now, addresses, limits, sighting };
    match upload.judge(state) {
        Ok(Verdict::Identical) => unchanged(answer::upload_done(&call.headers)),
        Ok(Verdict::New(new)) => {
            upload::store(state, *new, now);
            Done { response: answer::upload_done(&call.headers), changed: true }
        }
        Err(refusal) => unchanged(answer::refusal(&call.headers, &refusal)),
    }
}
