//! Files held against what a release must have.

use super::{Expected, SdistRule, Shape, Slot};
use crate::filename::DistFilename;

/// What the files of a release fill, and what they leave open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Every slot that is taken, with all files that take it.
    pub filled: Vec<Filled>,
    /// Every slot that no file takes.
    pub missing: Vec<Slot>,
    /// Files that take no slot.
    pub extra: Vec<String>,
    /// Slots that files of one kind take twice: two build numbers of a wheel, two manylinux levels, two source
    /// distributions. A wheel for one Python beside one for all of them is not that.
    pub twice: Vec<Filled>,
}

/// A slot and the files that take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The slot.
    pub slot: Slot,
    /// The names, in order.
    pub files: Vec<String>,
}

impl Completeness {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

impl Expected {
    /// Holds files against the set. They are of one project and version already.
    #[must_use]
    pub fn completeness<'a>(&self, files: impl IntoIterator<Item = &'a DistFilename>) -> Completeness {
        let mut files: Vec<&DistFilename> = files.into_iter().collect();
        files.sort_by_key(|file| file.upload_rank());
        files.dedup();
        let mut answer = Completeness::default();
        let mut used = vec![false; files.len()];
        for slot in self.slots() {
            let taking: Vec<usize> = (0..files.len()).filter(|at| slot.is_taken_by(files[*at])).collect();
            taking.iter().for_each(|at| used[*at] = true);
            if taking.is_empty() {
                answer.missing.push(slot.clone());
                continue;
            }
            let of_one_kind: Vec<usize> = taking
                .iter()
                .filter(|at| taking.iter().any(|other| other != *at && same_kind(files[*other], files[**at])))
                .copied()
                .collect();
            let filled = |at: &[usize]| Filled {
                slot: slot.clone(),
                files: at.iter().map(|at| files[*at].to_string()).collect(),
            };
            if !of_one_kind.is_empty() {
                answer.twice.push(filled(&of_one_kind));
            }
            answer.filled.push(filled(&taking));
        }
        let strangers = files.iter().zip(used).filter(|(file, used)| !used && !self.welcomes(file));
        answer.extra = strangers.map(|(file, _)| file.to_string()).collect();
        answer
    }

    /// Whether a file may be there without being expected.
    fn welcomes(&self, file: &DistFilename) -> bool {
        match file {
            DistFilename::Wheel(_) => self.wheels_open,
            DistFilename::Sdist(_) => self.sdist == SdistRule::Allowed,
        }
    }
}

fn same_kind(one: &DistFilename, other: &DistFilename) -> bool {
    match (one, other) {
        (DistFilename::Wheel(one), DistFilename::Wheel(other)) => Shape::of(one) == Shape::of(other),
        (DistFilename::Sdist(_), DistFilename::Sdist(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Axes, Narrowing, Platform, Python, VariantAxis, expand};
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    fn files(names: &[&str]) -> Vec<DistFilename> {
        names.iter().map(|name| format!("demo-1.0{name}").parse().unwrap()).collect()
    }

    fn show(answer: &Completeness) -> String {
        let mut lines = Vec::new();
        for Filled { slot, files } in &answer.filled {
            lines.push(format!("filled  {slot}: {}", files.join(", ")));
        }
        lines.extend(answer.missing.iter().map(|slot| format!("missing {slot}")));
        lines.extend(answer.extra.iter().map(|file| format!("extra   {file}")));
        for Filled { slot, files } in &answer.twice {
            lines.push(format!("twice   {slot}: {}", files.join(", ")));
        }
        lines.join("\n")
    }

    #[test]
    fn stated_tags() {
        let wheels = ["cp310-abi3-manylinux_2_28_x86_64", "cp310-abi3-win_amd64", "py3-none-any"];
        let expected = Expected::of_tags(wheels.map(|text| text.parse().unwrap()), SdistRule::Required);
        let there = files(&[
            "-cp310-abi3-manylinux_2_28_x86_64.whl",
            "-1-cp310-abi3-manylinux_2_28_x86_64.whl",
            "-cp310-abi3-linux_x86_64.whl",
            "-py2.py3-none-any.whl",
        ]);
        insta::assert_snapshot!(show(&expected.completeness(&there)), @"
        filled  cp310-abi3-manylinux_2_28_x86_64: demo-1.0-1-cp310-abi3-manylinux_2_28_x86_64.whl, demo-1.0-cp310-abi3-manylinux_2_28_x86_64.whl
        filled  py3-none-any: demo-1.0-py2.py3-none-any.whl
        missing cp310-abi3-win_amd64
        missing sdist
        extra   demo-1.0-cp310-abi3-linux_x86_64.whl
        twice   cp310-abi3-manylinux_2_28_x86_64: demo-1.0-1-cp310-abi3-manylinux_2_28_x86_64.whl, demo-1.0-cp310-abi3-manylinux_2_28_x86_64.whl
        ");
    }

    #[test]
    fn legs_of_a_matrix() {
        let axes = Axes {
            pythons: vec![Python::new(11), Python::new(12)],
            platforms: vec!["linux-x86_64".parse().unwrap(), "macos-arm64".parse().unwrap()],
        };
        let legs = expand(&axes, &[VariantAxis::default()], &Narrowing::default()).legs;
        let expected = Expected::of_legs(&legs, SdistRule::Allowed);
        let there = files(&[
            "-cp311-cp311-manylinux_2_28_x86_64.whl",
            "-cp310-abi3-macosx_11_0_universal2.whl",
            "-cp312-cp312-win_amd64.whl",
            ".tar.gz",
        ]);
        insta::assert_snapshot!(show(&expected.completeness(&there)), @"
        filled  cp311-linux-x86_64: demo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl
        filled  cp311-macos-arm64: demo-1.0-cp310-abi3-macosx_11_0_universal2.whl
        filled  cp312-macos-arm64: demo-1.0-cp310-abi3-macosx_11_0_universal2.whl
        missing cp312-linux-x86_64
        extra   demo-1.0-cp312-cp312-win_amd64.whl
        ");
        let pure = files(&["-py3-none-any.whl", "-cp311-cp311-manylinux_2_28_x86_64.whl"]);
        let answer = expected.completeness(&pure);
        assert!(answer.is_complete() && answer.twice.is_empty() && answer.extra.is_empty());
    }

    #[test]
    fn like_an_earlier_release() {
        let earlier = [
            "demo-0.9-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "demo-0.9-cp38-abi3-macosx_10_12_x86_64.whl",
            "demo-0.9-cp313-cp313t-manylinux_2_17_x86_64.whl",
            "demo-0.9.tar.gz",
            "demo-0.9.tar.gz.asc",
        ];
        let expected = Expected::like(earlier);
        let there = files(&["-cp39-abi3-manylinux_2_28_x86_64.whl", "-cp39-abi3-win_amd64.whl", ".tar.gz"]);
        insta::assert_snapshot!(show(&expected.completeness(&there)), @"
        filled  abi3 manylinux_x86_64: demo-1.0-cp39-abi3-manylinux_2_28_x86_64.whl
        filled  sdist: demo-1.0.tar.gz
        missing abi3 macosx_x86_64
        missing cp313-cp313t manylinux_x86_64
        extra   demo-1.0-cp39-abi3-win_amd64.whl
        ");
    }

    #[test]
    fn the_rule_for_the_source_distribution() {
        let sdist = files(&[".tar.gz"]);
        let answer = |rule| Expected::of_sdist(rule).completeness(&sdist);
        assert!(answer(SdistRule::Required).is_complete() && answer(SdistRule::Allowed).extra.is_empty());
        assert_eq!(answer(SdistRule::Refused).extra, ["demo-1.0.tar.gz"]);
        assert!(
            !Expected::of_sdist(SdistRule::Required)
                .completeness(&files(&["-py3-none-any.whl"]))
                .is_complete()
        );
        assert_eq!(Expected::of_sdist(SdistRule::Refused).canonical(), ["sdist refused", "any wheels"]);
    }

    const WHEELS: [&str; 8] = [
        "-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "-cp312-cp312-manylinux_2_28_x86_64.whl",
        "-cp310-abi3-musllinux_1_2_aarch64.whl",
        "-cp313-cp313t-win_amd64.whl",
        "-cp312-cp312-macosx_11_0_universal2.whl",
        "-py2.py3-none-any.whl",
        "-cp312-none-win32.whl",
        ".tar.gz",
    ];

    proptest! {
        /// A release is complete against its own files, however they were expected, and stops being so without any
        /// one of them.
        #[test]
        fn a_release_is_like_itself_and_no_less(names in subsequence(WHEELS.to_vec(), 1..8), without in 0_usize..8) {
            let there = files(&names);
            let own: Vec<String> = there.iter().map(ToString::to_string).collect();
            let expected = Expected::like(own.iter().map(String::as_str));
            let answer = expected.completeness(&there);
            prop_assert!(answer.is_complete() && answer.extra.is_empty() && answer.twice.is_empty());
            let mut fewer = there.clone();
            fewer.remove(without % there.len());
            prop_assert_eq!(expected.completeness(&fewer).missing.len(), 1);
        }

        /// More files never make a slot missing, and every file is accounted for.
        #[test]
        fn files_only_add(
            names in subsequence(WHEELS.to_vec(), 0..8),
            minor in 8_u8..16,
            platform in select(Platform::all()),
            sdist in select(vec![SdistRule::Required, SdistRule::Allowed, SdistRule::Refused]),
        ) {
            let leg = crate::matrix::Leg { variant: None, python: Python::new(minor), platform };
            let expected = Expected::of_legs([&leg], sdist);
            let all = files(&WHEELS);
            let some = files(&names);
            let (more, fewer) = (expected.completeness(&all), expected.completeness(&some));
            for slot in &more.missing {
                prop_assert!(fewer.missing.contains(slot));
            }
            for file in &some {
                let name = file.to_string();
                let used = fewer.filled.iter().any(|filled| filled.files.contains(&name));
                let extra = fewer.extra.contains(&name);
                let welcome = matches!(file, DistFilename::Sdist(_)) && sdist == SdistRule::Allowed;
                prop_assert_eq!(usize::from(used) + usize::from(extra) + usize::from(welcome), 1);
            }
        }
    }
}
