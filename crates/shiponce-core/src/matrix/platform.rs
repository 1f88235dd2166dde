//! A platform that wheels are built for, and the platform tags (PEP 425, 600, 656) that reach it.

use std::fmt;
use std::str::FromStr;

/// A system and a machine: `linux-x86_64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The system.
    pub system: System,
    /// The machine.
    pub machine: Machine,
}

/// An operating system, as far as wheels distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// Linux with glibc: manylinux wheels.
    Linux,
    /// Linux with musl (Alpine): musllinux wheels.
    Musllinux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// A processor architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// 64-bit x86; `amd64` in Windows tags.
    X86_64,
    /// 32-bit x86; `i686` on Linux, `win32` in Windows tags.
    X86,
    /// 64-bit ARM; `aarch64` on Linux, `arm64` elsewhere.
    Arm64,
    /// 32-bit ARM.
    Armv7l,
    /// 64-bit POWER.
    Ppc64le,
    /// IBM Z.
    S390x,
    /// 64-bit RISC-V.
    Riscv64,
}

/// A text that names no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no platform such as `linux-x86_64`")]
pub struct PlatformError(pub String);

impl Platform {
    /// Every platform, under the name it is shown with.
    #[must_use]
    pub fn all() -> Vec<Self> {
        const LINUX: [Machine; 7] = [
            Machine::X86_64,
            Machine::Arm64,
            Machine::X86,
            Machine::Armv7l,
            Machine::Ppc64le,
            Machine::S390x,
            Machine::Riscv64,
        ];
        let of = |system, machines: &[Machine]| -> Vec<Self> {
            machines.iter().map(|machine| Self { system, machine: *machine }).collect()
        };
        [
            of(System::Linux, &LINUX),
            of(System::Musllinux, &LINUX),
            of(System::Macos, &[Machine::X86_64, Machine::Arm64]),
            of(System::Windows, &[Machine::X86_64, Machine::Arm64, Machine::X86]),
        ]
        .concat()
    }

    /// The platform of a machine by the names that Rust's standard library has for it (`std::env::consts`). `musl`
    /// is for the caller to know: it is a property of the interpreter that builds.
    #[must_use]
    pub fn of_machine(os: &str, arch: &str, musl: bool) -> Option<Self> {
        let system = match (os, musl) {
            ("linux", false) => "linux",
            ("linux", true) => "musllinux",
            ("macos" | "windows", _) => os,
            _ => return None,
        };
        let arch = match arch {
            "arm" => "armv7l",
            // The library has one word for both byte orders of POWER; wheels are built for the little one.
            "powerpc64" => "ppc64le",
            other => other,
        };
        format!("{system}-{arch}").parse().ok()
    }

    /// Whether a wheel with this platform tag installs on the platform. How new the system must be (`manylinux_2_28`,
    /// `macosx_14_0`) is not asked: that is a property of the machine it is installed on.
    #[must_use]
    pub fn takes(self, platform_tag: &str) -> bool {
        if platform_tag == "any" {
            return true;
        }
        let machine = self.machine_word();
        let ends_with = |word: &str| platform_tag.strip_suffix(word).is_some_and(|rest| rest.ends_with('_'));
        match self.system {
            System::Linux => {
                let family = platform_tag.starts_with("manylinux") || platform_tag.starts_with("linux_");
                family && ends_with(machine)
            }
            System::Musllinux => platform_tag.starts_with("musllinux_") && ends_with(machine),
            System::Macos => {
                let fat = match self.machine {
                    Machine::X86_64 => ["universal2", "intel", "fat64", "universal"].as_slice(),
                    _ => ["universal2"].as_slice(),
                };
                platform_tag.starts_with("macosx_")
                    && (ends_with(machine) || fat.iter().any(|word| ends_with(word)))
            }
            System::Windows => match self.machine {
                Machine::X86_64 => platform_tag == "win_amd64",
                Machine::X86 => platform_tag == "win32",
                _ => platform_tag == "win_arm64",
            },
        }
    }

    const fn machine_word(self) -> &'static str {
        match (self.machine, self.system) {
            (Machine::X86_64, _) => "x86_64",
            (Machine::X86, System::Linux | System::Musllinux) => "i686",
            (Machine::X86, _) => "x86",
            (Machine::Arm64, System::Linux | System::Musllinux) => "aarch64",
            (Machine::Arm64, _) => "arm64",
            (Machine::Armv7l, _) => "armv7l",
            (Machine::Ppc64le, _) => "ppc64le",
            (Machine::S390x, _) => "s390x",
            (Machine::Riscv64, _) => "riscv64",
        }
    }
}

impl System {
    /// The word in names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Musllinux => "musllinux",
            Self::Macos => "macos",
            Self::Windows => "windows",
        }
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    /// Reads a name; `amd64`, `arm64` and `aarch64` are understood on every system.
    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let error = || PlatformError(text.to_owned());
        let (system, machine) = text.split_once('-').ok_or_else(error)?;
        let machine = match machine {
            "x86_64" | "amd64" => Machine::X86_64,
            "x86" | "i686" => Machine::X86,
            "arm64" | "aarch64" => Machine::Arm64,
            "armv7l" => Machine::Armv7l,
            "ppc64le" => Machine::Ppc64le,
            "s390x" => Machine::S390x,
            "riscv64" => Machine::Riscv64,
            _ => return Err(error()),
        };
        Self::all()
            .into_iter()
            .find(|platform| platform.system.word() == system && platform.machine == machine)
            .ok_or_else(error)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.system.word(), self.machine_word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(text: &str) -> Platform {
        text.parse().unwrap()
    }

    #[test]
    fn names() {
        let shown: Vec<String> = Platform::all().iter().map(ToString::to_string).collect();
        for name in &shown {
            assert_eq!(platform(name).to_string(), *name);
        }
        assert_eq!(platform("linux-arm64").to_string(), "linux-aarch64");
        assert_eq!(platform("windows-amd64").to_string(), "windows-x86_64");
        for bad in
            ["linux", "linux-sparc", "macos-s390x", "freebsd-x86_64", "Linux-x86_64", "linux-x86-64", ""]
        {
            assert!(bad.parse::<Platform>().is_err(), "{bad}");
        }
        assert_eq!(Platform::of_machine("macos", "aarch64", false), Some(platform("macos-arm64")));
        assert_eq!(Platform::of_machine("linux", "x86_64", true), Some(platform("musllinux-x86_64")));
        assert_eq!(Platform::of_machine("freebsd", "x86_64", false), None);
    }

    #[test]
    fn which_platforms_a_tag_reaches() {
        let reached = |tag: &str| {
            let all = Platform::all().into_iter().filter(|platform| platform.takes(tag));
            all.map(|platform| platform.to_string()).collect::<Vec<_>>().join(" ")
        };
        for (tag, expected) in [
            ("manylinux_2_28_x86_64", "linux-x86_64"),
            ("manylinux2014_aarch64", "linux-aarch64"),
            ("manylinux1_i686", "linux-i686"),
            ("linux_x86_64", "linux-x86_64"),
            ("musllinux_1_2_armv7l", "musllinux-armv7l"),
            ("macosx_11_0_arm64", "macos-arm64"),
            ("macosx_10_9_universal2", "macos-x86_64 macos-arm64"),
            ("macosx_10_6_intel", "macos-x86_64"),
            ("win_amd64", "windows-x86_64"),
            ("win_arm64", "windows-arm64"),
            ("win32", "windows-x86"),
            ("ios_13_0_arm64_iphoneos", ""),
            ("manylinux_2_28_86_64", ""),
        ] {
            assert_eq!(reached(tag), expected, "{tag}");
        }
        assert_eq!(reached("any").split(' ').count(), Platform::all().len());
    }
}
