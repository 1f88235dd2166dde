//! The platform tags that PyPI takes.

use super::{Family, Rule, Scope, Severity};

/// Every platform tag of a wheel is on PyPI's list.
pub(super) static RULE: Rule = Rule {
    id: "platform-tag",
    title: "every platform tag is on the list of the index",
    severity: Severity::Rejected,
    source: "the upload view: `… has an unsupported platform tag …`",
    family: Family::Names,
    scope: Scope::Pypi,
    hint: "repair Linux wheels with auditwheel and macOS wheels with delocate; both set the tag they can vouch for",
    check: |distribution, report| {
        let Some(wheel) = distribution.as_wheel() else { return };
        for tag in wheel.filename.platform.iter().filter(|tag| !is_accepted(tag)) {
            report.rejected("", format!("PyPI does not take the platform tag `{tag}`"));
        }
    },
};

const FIXED: [&str; 16] = [
    "any",
    "win32",
    "win_amd64",
    "win_arm64",
    "win_ia64",
    "manylinux1_x86_64",
    "manylinux1_i686",
    "manylinux2010_x86_64",
    "manylinux2010_i686",
    "manylinux2014_x86_64",
    "manylinux2014_i686",
    "manylinux2014_aarch64",
    "manylinux2014_armv7l",
    "manylinux2014_ppc64",
    "manylinux2014_ppc64le",
    "manylinux2014_s390x",
];
/// Raspberry Pi builds predate manylinux.
const PLAIN_LINUX: [&str; 2] = ["linux_armv6l", "linux_armv7l"];
const MUSLLINUX: [&str; 7] = ["x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"];
const MACOS: [&str; 11] =
    ["arm64", "x86_64", "universal2", "universal", "intel", "i386", "ppc", "ppc64", "fat", "fat32", "fat64"];
const MACOS_MAJORS: [u32; 6] = [11, 12, 13, 14, 15, 26];
const IOS: [&str; 3] = ["arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator"];
const ANDROID: [&str; 4] = ["armeabi_v7a", "arm64_v8a", "x86", "x86_64"];

fn is_accepted(tag: &str) -> bool {
    if FIXED.contains(&tag) || PLAIN_LINUX.contains(&tag) {
        return true;
    }
    let Some((family, rest)) = tag.split_once('_') else { return false };
    match family {
        "manylinux" => {
            two_numbers(rest).is_some_and(|(_, _, arch)| arch == "ppc64" || MUSLLINUX.contains(&arch))
        }
        "musllinux" => two_numbers(rest).is_some_and(|(_, _, arch)| MUSLLINUX.contains(&arch)),
        // Since macOS 11 only the major version means anything; the minor must be 0.
        "macosx" => two_numbers(rest).is_some_and(|(major, minor, arch)| {
            MACOS.contains(&arch) && (major == 10 || (minor == 0 && MACOS_MAJORS.contains(&major)))
        }),
        "ios" => two_numbers(rest).is_some_and(|(_, _, arch)| IOS.contains(&arch)),
        "android" => number(rest).is_some_and(|(_, arch)| ANDROID.contains(&arch)),
        "pyemscripten" => two_numbers(rest).is_some_and(|(_, _, arch)| arch == "wasm32"),
        _ => false,
    }
}

/// `17_x86_64` as 17 and `x86_64`.
fn number(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_once('_')?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { Some((digits.parse().ok()?, rest)) } else { None }
}

fn two_numbers(text: &str) -> Option<(u32, u32, &str)> {
    let (major, rest) = number(text)?;
    let (minor, rest) = number(rest)?;
    Some((major, minor, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_index() {
        for good in [
            "any",
            "win_arm64",
            "manylinux2014_s390x",
            "manylinux_2_28_x86_64",
            "manylinux_2_17_ppc64",
            "manylinux_2_39_riscv64",
            "musllinux_1_2_aarch64",
            "linux_armv7l",
            "macosx_10_9_universal2",
            "macosx_11_0_arm64",
            "macosx_26_0_arm64",
            "ios_13_0_arm64_iphoneos",
            "android_21_arm64_v8a",
            "pyemscripten_2026_0_wasm32",
        ] {
            assert!(is_accepted(good), "{good}");
        }
        for bad in [
            "linux_x86_64",
            "macosx_14_3_arm64",
            "macosx_16_0_arm64",
            "musllinux_1_2_ppc64",
            "manylinux_2_36_loongarch64",
            "manylinux_2_x86_64",
            "manylinux_+2_17_x86_64",
            "pyodide_2025_0_wasm32",
            "macosx_11_0_sparc",
            "freebsd_14_amd64",
            "windows",
            "",
        ] {
            assert!(!is_accepted(bad), "{bad}");
        }
    }
}
