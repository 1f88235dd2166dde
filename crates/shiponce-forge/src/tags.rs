//! Which commit a tag is on, at GitHub.

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;
use crate::wire::WireTarget;

/// An annotated tag may tag a tag; git itself sets no limit.
const NESTED: usize = 8;

impl Client {
    /// The commit a tag is on, in hexadecimal; annotated tags are followed to it. `None`: there is no such tag.
    ///
    /// # Errors
    /// [`Error`]; [`Error::Malformed`] when the tag is on no commit.
    pub async fn tag_commit(&self, tag: &str) -> Result<Option<String>, Error> {
        let call = Call::read(format!("look up the tag `{tag}` of {}", self.repository()));
        let mut segments = vec!["git", "ref", "tags"];
        // Slashes of the tag separate segments here: the whole of `tags/py/v1` names the reference.
        segments.extend(tag.split('/'));
        let mut target: WireTarget = match self.read(&call, &self.api(&segments)).await {
            Ok(got) => got.json(&call)?,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let full = format!("refs/tags/{tag}");
        if target.reference.as_deref().is_some_and(|found| found != full) {
            return Err(call.malformed("it is about another reference"));
        }
        for _ in 0..NESTED {
            match target.object.kind.as_str() {
                "commit" => return Ok(Some(target.object.sha)),
                "tag" => {
                    let url = self.api(&["git", "tags", &target.object.sha]);
                    target = self.read(&call, &url).await?.json(&call)?;
                }
                other => return Err(call.malformed(format!("the tag is on a {other}, not on a commit"))),
            }
        }
        Err(call.malformed(format!("the tag is {NESTED} tags away from a commit")))
    }
}
