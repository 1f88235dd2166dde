//! Wheels.

use bytes::Bytes;

use super::{Inside, Zip, invalid, license_missing, read_member};
use crate::answer::Refusal;
use crate::text::repr;
use crate::upload::filename::Wheel;

/// The folder for metadata that the file's name promises.
fn info_folder(filename: &str) -> Result<String, Refusal> {
    let wheel = Wheel::parse(filename)
        .map_err(|_| invalid("Unable to parse name and version from wheel filename"))?;
    Ok(format!("{}-{}.dist-info", wheel.name, wheel.version_text))
}

pub(super) fn shape(filename: &str, archive: &Zip<'_>) -> Result<(), Refusal> {
    let member = format!("{}/WHEEL", info_folder(filename)?);
    if archive.index_for_name(&member).is_none() {
        return Err(invalid(&format!("WHEEL not found at {member}")));
    }
    Ok(())
}

pub(super) fn contents(filename: &str, archive: &mut Zip<'_>, licenses: &[&str]) -> Result<Inside, Refusal> {
    let info = info_folder(filename)?;
    for license in licenses {
        let target = format!("{info}/licenses/{license}");
        if archive.index_for_name(&target).is_none() {
            return Err(license_missing(license, filename, &target));
        }
    }
    required(filename, archive, &info, "RECORD")?;
    let entry_points = format!("{info}/entry_points.txt");
    if archive.index_for_name(&entry_points).is_some() {
        let text = String::from_utf8_lossy(&read_member(archive, &entry_points)?).into_owned();
        if !entry_points_are_valid(&text) {
            return Err(Refusal::bad(format!(
                "Wheel {} has invalid entry points defined in the entry_points.txt file",
                repr(filename)
            )));
        }
    }
    required(filename, archive, &info, "METADATA")?;
    let metadata = read_member(archive, &format!("{info}/METADATA"))?;
    Ok(Inside { metadata: Some(Bytes::from(metadata)) })
}

fn required(filename: &str, archive: &Zip<'_>, info: &str, name: &str) -> Result<(), Refusal> {
    let member = format!("{info}/{name}");
    if archive.index_for_name(&member).is_some() {
        return Ok(());
    }
    Err(Refusal::bad(format!("Wheel {} does not contain the required {name} file: {member}", repr(filename))))
}

/// Names that would escape the folder for scripts are what this is about.
fn entry_points_are_valid(text: &str) -> bool {
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let Some((name, target)) = line.split_once('=') else { return false };
        let (name, target) = (name.trim(), target.trim());
        let script = section == "console_scripts" || section == "gui_scripts";
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
        if name.is_empty() || target.is_empty() || (script && !plain) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::entry_points_are_valid;

    #[test]
    fn entry_points() {
        assert!(entry_points_are_valid(
            "[console_scripts]\ndemo = demo:main\n\n# x\n[demo.plugins]\na b = x\n"
        ));
        assert!(!entry_points_are_valid("[console_scripts]\n../evil = demo:main\n"));
        assert!(!entry_points_are_valid("[console_scripts]\ndemo\n"));
    }
}
