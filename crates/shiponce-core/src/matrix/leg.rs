//! One combination of a release, and its name.

use std::fmt;
use std::str::FromStr;

use super::{Platform, Python};
use crate::filename::WheelFilename;

/// One combination: `NAME-cp312-linux-x86_64`, or `cp312-linux-x86_64` without variants.
///
/// The name is what CI jobs, artifacts and messages call it, so it is stable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leg {
    /// The variant. `None` when the project has none.
    pub variant: Option<String>,
    /// The Python.
    pub python: Python,
    /// The platform.
    pub platform: Platform,
}

/// A text that names no leg.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no leg such as `cp312-linux-x86_64`, with the variant before it where there is one")]
pub struct LegError(pub String);

impl Leg {
    /// Whether a wheel serves the combination: its interpreter and its platform take one of the wheel's tags. The
    /// project is not asked.
    #[must_use]
    pub fn takes(&self, wheel: &WheelFilename) -> bool {
        wheel.tags().any(|tag| self.python.takes(&tag.python, &tag.abi) && self.platform.takes(&tag.platform))
    }
}

impl FromStr for Leg {
    type Err = LegError;

    /// Read from the right: the name of a variant may contain hyphens, the other parts do not.
    fn from_str(text: &str) -> Result<Self, LegError> {
        let parse = || {
            let mut parts = text.rsplitn(4, '-');
            let machine = parts.next()?;
            let system = parts.next()?;
            let python = Python::from_abi_tag(parts.next()?)?;
            let variant = parts.next().map(str::to_owned);
            if variant.as_deref() == Some("") {
                return None;
            }
            Some(Self { variant, python, platform: format!("{system}-{machine}").parse().ok()? })
        };
        parse().ok_or_else(|| LegError(text.to_owned()))
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variant) = &self.variant {
            write!(f, "{variant}-")?;
        }
        write!(f, "{}-{}", self.python.abi_tag(), self.platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_read_from_the_right() {
        let leg: Leg = "vllm-cpu-cp312-cp313t-linux-x86_64".parse().unwrap();
        assert_eq!(leg.variant.as_deref(), Some("vllm-cpu-cp312"));
        assert_eq!(leg.python.to_string(), "3.13t");
        let plain: Leg = "cp39-macos-aarch64".parse().unwrap();
        assert_eq!((plain.variant.as_deref(), plain.to_string().as_str()), (None, "cp39-macos-arm64"));
        for bad in [
            "",
            "linux-x86_64",
            "-cp312-linux-x86_64",
            "312-linux-x86_64",
            "cp312-linux",
            "a-py3-linux-x86_64",
        ] {
            assert!(bad.parse::<Leg>().is_err(), "{bad}");
        }
    }

    #[test]
    fn which_wheels_serve_a_leg() {
        let leg: Leg = "cp312-linux-x86_64".parse().unwrap();
        let takes = |name: &str| leg.takes(&name.parse().unwrap());
        for name in [
            "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "demo-1.0-cp310-abi3-manylinux_2_28_x86_64.whl",
            "demo-1.0-py2.py3-none-any.whl",
            "demo-1.0-cp311.cp312-none-linux_x86_64.whl",
        ] {
            assert!(takes(name), "{name}");
        }
        for name in [
            "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
            "demo-1.0-cp312-cp312-musllinux_1_2_x86_64.whl",
        ] {
            assert!(!takes(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_leg_is_read_back_from_its_name(
            variant in proptest::option::of("[a-z0-9][a-z0-9._-]{0,12}"),
            minor in 0_u8..40,
            free_threaded: bool,
            platform in proptest::sample::select(Platform::all()),
        ) {
            let leg = Leg { variant, python: Python { minor, free_threaded }, platform };
            prop_assert_eq!(leg.to_string().parse::<Leg>(), Ok(leg));
        }
    }
}
