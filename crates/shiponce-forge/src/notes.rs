//! Notes that GitHub writes from the merged pull requests.

use http::Method;
use serde_json::json;

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;
use crate::wire::WireNotes;

/// Which notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotesRequest<'a> {
    /// The tag of the release.
    pub tag: &'a str,
    /// The tag to begin after; GitHub chooses one when there is none.
    pub previous_tag: Option<&'a str>,
}

/// Notes made by GitHub. They change as long as pull requests are labelled and renamed: freeze the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedNotes {
    /// The title GitHub proposes.
    pub name: String,
    /// The text, in Markdown.
    pub body: String,
}

impl Client {
    /// Lets GitHub write notes. It is a POST that stores nothing, so it may be repeated.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn generate_notes(&self, request: NotesRequest<'_>) -> Result<GeneratedNotes, Error> {
        let call = Call::read(format!("generate the notes of `{}` at {}", request.tag, self.repository()));
        let mut body = json!({ "tag_name": request.tag });
        if let Some(previous) = request.previous_tag {
            body["previous_tag_name"] = previous.into();
        }
        let url = self.api(&["releases", "generate-notes"]);
        let got = self.write(&call, Method::POST, &url, Some(&body)).await?;
        let WireNotes { name, body } = got.json(&call)?;
        Ok(GeneratedNotes { name, body })
    }
}
