//! The rules for file names.

use super::Upload;
use crate::answer::Refusal;
use crate::text::pep440::Version;
use crate::text::{normalize, repr};

impl Upload<'_> {
    /// Characters and extension, before the file is looked at.
    pub(super) fn filename(&self, filename: &str) -> Result<(), Refusal> {
        if filename.chars().any(|c| u32::from(c) < 32) {
            return Err(Refusal::bad(
                "Cannot upload a file with non-printable characters (ordinals 0-31) in the name.",
            ));
        }
        if filename.contains(['/', '\\']) {
            return Err(Refusal::bad("Cannot upload a file with '/' or '\\' in the name."));
        }
        if filename.len() > 255 {
            return Err(Refusal::bad(format!("Filename is too long: {}", repr(filename))));
        }
        let Some(extension) = [".tar.gz", ".zip", ".whl"].into_iter().find(|e| filename.ends_with(e)) else {
            return Err(Refusal::bad(
                "Invalid file extension: Use .tar.gz, .whl or .zip extension. See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information",
            ));
        };
        if self.is_sdist() == (extension == ".whl") {
            let filetype = self.form.one("filetype").unwrap_or_default();
            return Err(Refusal::bad(format!(
                "Invalid file extension: Extension {extension} is invalid for filetype {filetype}. See https://www.python.org/dev/peps/pep-0527 for more information."
            )));
        }
        Ok(())
    }

    /// The name against the project and the version of the form.
    pub(super) fn name_fits(&self, filename: &str, project: &str, version: &Version) -> Result<(), Refusal> {
        if self.is_sdist() {
            return sdist(filename, project, version);
        }
        let wheel = Wheel::parse(filename).map_err(Refusal::bad)?;
        for platform in wheel.platforms {
            if !super::platform::allowed(platform) {
                return Err(Refusal::bad(format!(
                    "Binary wheel {} has an unsupported platform tag {}.",
                    repr(filename),
                    repr(platform)
                )));
            }
        }
        if normalize(wheel.name) != normalize(project) {
            return Err(start_with(project));
        }
        let normal = normalize(project).replace('-', "_");
        if wheel.name != normal {
            return Err(Refusal::bad(format!(
                "Filename {} should contain the normalized project name {}, not {}.",
                repr(filename),
                repr(&normal),
                repr(wheel.name)
            )));
        }
        same_version(version, &wheel.version)
    }
}

fn start_with(project: &str) -> Refusal {
    let normal = normalize(project).replace('-', "_");
    Refusal::bad(format!("Start filename for {} with {}.", repr(project), repr(&normal)))
}

fn same_version(form: &Version, file: &Version) -> Result<(), Refusal> {
    if form == file {
        return Ok(());
    }
    let (form, file) = (form.to_string(), file.to_string());
    Err(Refusal::bad(format!("Version in filename should be {} not {}.", repr(&form), repr(&file))))
}

fn sdist(filename: &str, project: &str, version: &Version) -> Result<(), Refusal> {
    let extension = if filename.ends_with(".zip") { ".zip" } else { ".tar.gz" };
    let stem = filename.strip_suffix(extension).unwrap_or(filename);
    let parts = stem.rsplit_once('-').and_then(|(name, text)| Some((name, Version::parse(text)?)));
    let Some((name, own)) = parts else {
        return Err(Refusal::bad(format!("Invalid source distribution filename: {filename}")));
    };
    if normalize(name) != normalize(project) {
        return Err(start_with(project));
    }
    same_version(version, &own)?;
    let right = format!("{}-{version}{extension}", normalize(project).replace('-', "_"));
    if filename != right {
        return Err(Refusal::bad(format!(
            "Filename {} is invalid, should be {}.",
            repr(filename),
            repr(&right)
        )));
    }
    Ok(())
}

/// A wheel's file name (PEP 427), with the messages of the `packaging` library.
pub(super) struct Wheel<'f> {
    pub(super) name: &'f str,
    pub(super) version: Version,
    pub(super) version_text: &'f str,
    pub(super) platforms: Vec<&'f str>,
}

impl<'f> Wheel<'f> {
    pub(super) fn parse(filename: &'f str) -> Result<Self, String> {
        let shown = repr(filename);
        let stem = filename
            .strip_suffix(".whl")
            .ok_or_else(|| format!("Invalid wheel filename (extension must be '.whl'): {shown}"))?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (&[name, version_text, .., _, _, platform], 5 | 6) = (parts.as_slice(), parts.len()) else {
            return Err(format!("Invalid wheel filename (wrong number of parts): {shown}"));
        };
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        if name.contains("__") || name.is_empty() || !name.chars().all(word) {
            return Err(format!("Invalid project name: {shown}"));
        }
        let version = Version::parse(version_text)
            .ok_or_else(|| format!("Invalid wheel filename (invalid version): {shown}"))?;
        if parts.len() == 6 && !parts[2].starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!("Invalid build number: {} in {shown}", parts[2]));
        }
        if parts[parts.len() - 3..].iter().any(|tags| tags.split('.').any(str::is_empty)) {
            return Err(format!("Invalid wheel filename (invalid tag component): {shown}"));
        }
        Ok(Self { name, version, version_text, platforms: platform.split('.').collect() })
    }
}
