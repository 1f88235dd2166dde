//! Comparing by download, where an index lists a name without a digest.

use super::{Board, Stage};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::FileEntry;
use shiponce_core::decide::{Action, Stop};

impl Stage<'_> {
    /// Downloads the file the index lists and remembers its digest on the board.
    pub(super) async fn compare(&self, board: &mut Board, entry: &FileEntry) -> Result<(), Problem> {
        let name = entry.filename.to_string();
        let label = &self.target.label;
        let url =
            board.listing().and_then(|listing| listing.files.get(&name)).and_then(|file| file.url.clone());
        let Some(url) = url else {
            let why = format!("{label} lists {name} with neither a digest nor an address");
            board.settle(&name, Action::Stop(Stop::Unobserved { why }));
            return Ok(());
        };
        match self.session.digest_of(self.target, &name, &url).await {
            Ok(there) => board.compared(&name, there),
            Err(problem) if problem.code == ErrorCode::Interrupted => return Err(problem),
            Err(problem) => board.settle(&name, Action::Stop(Stop::Unobserved { why: problem.message })),
        }
        Ok(())
    }
}
