//! An sdist with another version or description.
//!
//! A wheel built from it must come out with the same version and description, so what `pyproject.toml` states is
//! changed too, and an sdist that computes them is refused: only its own build could give them.

use super::pyproject::{self, Readme as Stated};
use super::{Note, Repack, RepackError};
use crate::metadata::{METADATA_LIMIT, edited};
use crate::sdist::Sdist;
use crate::tar::{self, Change, MemberKind, RewriteError};
use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

pub(super) fn write(
    repack: &Repack<'_>,
    sdist: &Sdist,
    out: impl Write,
    notes: &mut Vec<Note>,
) -> Result<(), RepackError> {
    if sdist.filename.written.ends_with(".zip") {
        return Err(dishonest(repack, "it is a zipped sdist, which indexes take no more".to_owned()));
    }
    let read = |source| RepackError::Tar { filename: repack.old_name(), source };
    let pkg_info = format!("{}/PKG-INFO", sdist.root);
    let mut contents = BTreeMap::new();
    let listing = tar::list(repack.open()?, &tar::Limits::default(), |name| {
        (name == pkg_info || name.ends_with(".egg-info/PKG-INFO")).then_some(METADATA_LIMIT)
    })
    .map_err(read)?;
    let old = listing.kept.get(&pkg_info).cloned().unwrap_or_default();
    let (new, raised) = edited(&old, repack.edit()).map_err(|source| RepackError::Metadata {
        filename: repack.old_name(),
        member: "PKG-INFO".to_owned(),
        source,
    })?;
    if raised {
        notes.push(Note::MetadataVersionRaised);
    }
    // setuptools puts a copy beside the sources; what is the same file stays the same file.
    for (name, _) in listing.kept.iter().filter(|(_, bytes)| **bytes == old) {
        contents.insert(name.clone(), new.clone());
    }
    if repack.has_suffix {
        contents.insert(format!("{}/pyproject.toml", sdist.root), with_version(repack, sdist)?.into_bytes());
        notes.push(Note::PyprojectVersion);
    }
    if let Some(readme) = repack.readme {
        let file = readme_file(repack, sdist, readme.content_type)?;
        contents.insert(format!("{}/{file}", sdist.root), readme.text.clone().into_bytes());
        notes.push(Note::ReadmeFile(file));
    }
    let change = Change { root: (sdist.root.clone(), new_root(repack, sdist)), contents };
    tar::rewrite(repack.open()?, out, &change).map_err(|error| match error {
        RewriteError::Read(source) => read(source),
        RewriteError::Write(source) => repack.write_error(source),
    })
}

fn dishonest(repack: &Repack<'_>, reason: String) -> RepackError {
    RepackError::Dishonest { filename: repack.old_name(), reason }
}

fn new_root(repack: &Repack<'_>, sdist: &Sdist) -> String {
    if repack.has_suffix {
        repack.filename.to_string().trim_end_matches(".tar.gz").to_owned()
    } else {
        sdist.root.clone()
    }
}

fn with_version(repack: &Repack<'_>, sdist: &Sdist) -> Result<String, RepackError> {
    let computed = || {
        let reason = format!(
            "its version is not stated in pyproject.toml, so a wheel built from it would still be {}",
            sdist.filename.version
        );
        dishonest(repack, reason)
    };
    let text = sdist.pyproject.as_ref().ok_or_else(computed)?;
    pyproject::with_version(text, &sdist.filename.version, &repack.version).ok_or_else(computed)
}

/// The file that a build of the sdist reads the description from.
fn readme_file(repack: &Repack<'_>, sdist: &Sdist, content_type: &str) -> Result<String, RepackError> {
    let unstated =
        "pyproject.toml names no file as its readme, so a wheel built from it would not have the new one";
    let stated = sdist.pyproject.as_ref().and_then(|text| pyproject::readme(text));
    let Some(Stated { file, content_type: stated }) = stated else {
        return Err(dishonest(repack, unstated.to_owned()));
    };
    let known = stated.or_else(|| super::readme::content_type_of(Path::new(&file)).map(ToOwned::to_owned));
    let kind = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if known.as_deref().map(kind).as_deref() != Some(content_type) {
        let reason = format!(
            "pyproject.toml says that {file} is {}, and the new description is {content_type}",
            known.as_deref().unwrap_or("of no known type")
        );
        return Err(dishonest(repack, reason));
    }
    if !sdist.files.contains(&format!("{}/{file}", sdist.root)) {
        return Err(dishonest(repack, format!("pyproject.toml names {file}, which it does not contain")));
    }
    Ok(file)
}

pub(super) fn verify<R: Read + Seek>(
    repack: &Repack<'_>,
    original: &Sdist,
    mut written: R,
) -> Result<(), RepackError> {
    let wrong = || RepackError::Wrong(repack.filename.to_string());
    let read = |source| RepackError::Tar { filename: repack.filename.to_string(), source };
    let new = Sdist::read(&repack.new_path(), &mut written).map_err(RepackError::Sdist)?;
    written
        .seek(SeekFrom::Start(0))
        .map_err(|source| RepackError::Open { filename: repack.filename.to_string(), source })?;
    let root = new_root(repack, original);
    // Sizes are compared except of what was meant to change.
    let list = |bytes: &mut dyn Read, root: &str| -> Result<Vec<(String, MemberKind, u64)>, RepackError> {
        let listing = tar::list(bytes, &tar::Limits::default(), |_| None).map_err(read)?;
        let below = |name: &str| name.strip_prefix(root).unwrap_or(name).to_owned();
        let members = listing.members.into_iter();
        Ok(members.map(|member| (below(&member.name), member.kind, member.size)).collect())
    };
    let after = list(&mut written, &root)?;
    let before = list(&mut repack.open()?, &original.root)?;
    let readme =
        repack.readme.map(|readme| readme_file(repack, original, readme.content_type)).transpose()?;
    let meant = |name: &str| {
        name.ends_with("/PKG-INFO")
            || (repack.has_suffix && name == "/pyproject.toml")
            || (readme.is_some() && name.strip_prefix('/') == readme.as_deref())
    };
    let same = before.len() == after.len()
        && before
            .iter()
            .zip(&after)
            .all(|(old, new)| old.0 == new.0 && old.1 == new.1 && (old.2 == new.2 || meant(&old.0)));
    if same && new.root == root && repack.metadata_fits(&new.metadata) { Ok(()) } else { Err(wrong()) }
}
