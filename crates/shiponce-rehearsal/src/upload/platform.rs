//! The platform tags the index takes.

const FIXED: [&str; 7] =
    ["any", "win32", "win_amd64", "win_arm64", "win_ia64", "linux_armv6l", "linux_armv7l"];
const MANYLINUX1: [&str; 2] = ["x86_64", "i686"];
const MANYLINUX2014: [&str; 7] = ["x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x"];
const MANYLINUX: [&str; 8] = ["x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x", "riscv64"];
const MUSLLINUX: [&str; 7] = ["x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"];
const MAC: [&str; 11] =
    ["ppc", "ppc64", "i386", "x86_64", "arm64", "intel", "fat", "fat3", "fat32", "fat64", "universal"];
const MAC_MAJORS: [&str; 6] = ["11", "12", "13", "14", "15", "26"];
const ANDROID: [&str; 4] = ["armeabi_v7a", "arm64_v8a", "x86", "x86_64"];

pub(super) fn allowed(tag: &str) -> bool {
    if FIXED.contains(&tag) {
        return true;
    }
    let Some((family, rest)) = tag.split_once('_') else { return false };
    match family {
        "manylinux1" | "manylinux2010" => MANYLINUX1.contains(&rest),
        "manylinux2014" => MANYLINUX2014.contains(&rest),
        "manylinux" => two_numbers(rest).is_some_and(|(_, _, arch)| MANYLINUX.contains(&arch)),
        "musllinux" => two_numbers(rest).is_some_and(|(_, _, arch)| MUSLLINUX.contains(&arch)),
        "macosx" => two_numbers(rest).is_some_and(|(major, minor, arch)| {
            let arch = arch == "universal2" || MAC.contains(&arch);
            arch && (major == "10" || (MAC_MAJORS.contains(&major) && minor == "0"))
        }),
        "ios" => two_numbers(rest).is_some_and(|(_, _, arch)| {
            matches!(arch, "arm64_iphoneos" | "arm64_iphonesimulator" | "x86_64_iphonesimulator")
        }),
        "android" => {
            rest.split_once('_').is_some_and(|(level, arch)| number(level) && ANDROID.contains(&arch))
        }
        "pyemscripten" => two_numbers(rest).is_some_and(|(_, _, arch)| arch == "wasm32"),
        _ => false,
    }
}

fn two_numbers(text: &str) -> Option<(&str, &str, &str)> {
    let (major, rest) = text.split_once('_')?;
    let (minor, rest) = rest.split_once('_')?;
    (number(major) && number(minor)).then_some((major, minor, rest))
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn the_list() {
        for tag in [
            "any",
            "win_arm64",
            "manylinux1_x86_64",
            "manylinux2014_aarch64",
            "manylinux_2_28_riscv64",
            "musllinux_1_2_x86_64",
            "macosx_10_9_universal2",
            "macosx_14_0_arm64",
            "ios_13_0_arm64_iphoneos",
            "android_21_arm64_v8a",
            "pyemscripten_2025_0_wasm32",
        ] {
            assert!(allowed(tag), "{tag}");
        }
        for tag in [
            "linux_x86_64",
            "macosx_14_3_arm64",
            "manylinux_2_28_loongarch64",
            "pyodide_2024_0_wasm32",
            "musllinux_1_2_ppc64",
            "manylinux_x86_64",
            "",
        ] {
            assert!(!allowed(tag), "{tag}");
        }
    }
}
