//! The WHEEL file: format version, where the files go, and the tags.

use crate::message;

/// A parsed WHEEL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelFile {
    /// `Wheel-Version`: installers refuse another major version.
    pub version: (u32, u32),
    /// What wrote the wheel.
    pub generator: Option<String>,
    /// Whether the files go to the folder for pure Python code.
    pub root_is_purelib: bool,
    /// The `Tag` lines in order.
    pub tags: Vec<String>,
    /// The build tag.
    pub build: Option<String>,
}

/// Why a WHEEL is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WheelFileError {
    /// A value is not UTF-8.
    #[error("`{0}` is not UTF-8")]
    NotUtf8(String),
    /// A required line is missing.
    #[error("it has no `{0}`")]
    Missing(&'static str),
    /// Not a version of the format that installers know.
    #[error("`Wheel-Version: {0}` is not 1.x")]
    Version(String),
    /// Neither true nor false.
    #[error("`Root-Is-Purelib: {0}` is neither true nor false")]
    RootIsPurelib(String),
}

impl WheelFile {
    /// Parses the bytes of WHEEL.
    ///
    /// # Errors
    /// [`WheelFileError`] when a required line is missing or means nothing.
    pub fn parse(bytes: &[u8]) -> Result<Self, WheelFileError> {
        let mut values: Vec<(&str, &str)> = Vec::new();
        for (name, value) in message::parse(bytes).headers {
            let value = std::str::from_utf8(value).map_err(|_| WheelFileError::NotUtf8(name.to_owned()))?;
            values.push((name, value.trim()));
        }
        let all = |name: &'static str| {
            values.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
        };
        let one = |name: &'static str| all(name).next();
        let need = |name: &'static str| one(name).ok_or(WheelFileError::Missing(name));
        let version = need("Wheel-Version")?;
        let parsed = version.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        let Some(parsed @ (1, _)) = parsed else { return Err(WheelFileError::Version(version.to_owned())) };
        let root = need("Root-Is-Purelib")?;
        let root_is_purelib = match root.to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            _ => return Err(WheelFileError::RootIsPurelib(root.to_owned())),
        };
        Ok(Self {
            version: parsed,
            generator: one("Generator").map(ToOwned::to_owned),
            root_is_purelib,
            tags: all("Tag").map(ToOwned::to_owned).collect(),
            build: one("Build").map(ToOwned::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_line() {
        let text = "Wheel-Version: 1.0\nGenerator: x 1\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\nBuild: 1\n";
        let wheel = WheelFile::parse(text.as_bytes()).unwrap();
        assert_eq!(wheel.version, (1, 0));
        assert!(wheel.root_is_purelib);
        assert_eq!(wheel.tags, ["py2-none-any", "py3-none-any"]);
        assert_eq!(wheel.build.as_deref(), Some("1"));
        assert_eq!(wheel.generator.as_deref(), Some("x 1"));
    }

    #[test]
    fn refuses_with_the_reason() {
        let error = |text: &str| WheelFile::parse(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error("Tag: x"), "it has no `Wheel-Version`");
        assert_eq!(error("Wheel-Version: 2.0\nRoot-Is-Purelib: true"), "`Wheel-Version: 2.0` is not 1.x");
        assert_eq!(error("Wheel-Version: one\n"), "`Wheel-Version: one` is not 1.x");
        assert_eq!(error("Wheel-Version: 1.0\n"), "it has no `Root-Is-Purelib`");
        assert_eq!(
            error("Wheel-Version: 1.0\nRoot-Is-Purelib: maybe"),
            "`Root-Is-Purelib: maybe` is neither true nor false"
        );
    }
}
