//! Effects have rooms: which source may start processes, open sockets, speak SQL, print, read the
//! environment or the clock.
//!
//! clippy.toml bans the usual calls by name; this check also sees types, whole modules and crates
//! that were never thought of there. Tests may do all of it.

use regex::Regex;

use super::source::{line_of, product_code};
use super::{Finding, tree::Tree};

/// Something only some rooms may do.
struct Ban {
    /// What it looks like in code.
    pattern: &'static str,
    /// Path prefixes under `crates/` where it is at home.
    rooms: &'static [&'static str],
    /// The rule, as a sentence.
    rule: &'static str,
}

const BANS: [Ban; 7] = [
    Ban {
        pattern: r"\bstd::process::(\{[^}]*\b)?Command\b|\btokio::process\b|\bprocess_wrap\b|\bCommandExt\b",
        rooms: &["shiponce-io/"],
        rule: "only shiponce-io starts processes",
    },
    Ban {
        pattern: r"\b(Tcp|Unix)(Stream|Listener|Socket|Datagram)\b|\bUdpSocket\b|\breqwest::|\bhyper::",
        rooms: &["shiponce-io/", "shiponce-rehearsal/"],
        rule: "only shiponce-io opens sockets (and shiponce-rehearsal, which is the world outside)",
    },
    Ban { pattern: r"\brusqlite\b", rooms: &["shiponce-ledger/"], rule: "only shiponce-ledger knows SQL" },
    Ban {
        pattern: r"\be?print(ln)?!|\bio::(stdout|stderr)\b|\bStd(out|err)\b(::lock|Lock)",
        rooms: &["shiponce/src/terminal", "shiponce/src/ui"],
        rule: "only the binary's terminal module prints",
    },
    Ban {
        pattern: r"\benv::(var|vars|var_os|vars_os|args|args_os|current_dir|current_exe|home_dir|temp_dir|set_var|remove_var)\b",
        rooms: &["shiponce/src/"],
        rule: "the environment comes in from the binary",
    },
    Ban {
        pattern: r"\b(SystemTime|Instant)::now\b|\bTimestamp::now\b|\bZoned::now\b|\btime::sleep\b|\bthread::sleep\b",
        rooms: &["shiponce-io/", "shiponce-rehearsal/src/server/"],
        rule: "time comes from shiponce_io (and the world's sockets live in real time)",
    },
    Ban {
        pattern: r"\bUuid::(new_v4|now_v7)\b|\brand::|\bgetrandom\b|\bthread_rng\b",
        rooms: &["shiponce-io/"],
        rule: "randomness comes from shiponce_io",
    },
];

/// Calls outside their room.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let bans: Vec<(Regex, &Ban)> =
        BANS.iter().filter_map(|ban| Some((Regex::new(ban.pattern).ok()?, ban))).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.under("crates/", ".rs").filter(|(path, text)| is_product(path, text)) {
        let code = product_code(text);
        let room = path.trim_start_matches("crates/");
        for (regex, ban) in &bans {
            if ban.rooms.iter().any(|home| room.starts_with(home)) {
                continue;
            }
            for found in regex.find_iter(&code) {
                let message = format!("`{}` here: {}", found.as_str(), ban.rule);
                findings.push(Finding::new(path, line_of(&code, found.start()), message));
            }
        }
    }
    findings
}

/// Whether a source file is compiled into the product.
fn is_product(path: &str, text: &str) -> bool {
    path.contains("/src/")
        && !text.contains("\n#![cfg(test)]")
        && !path.ends_with("/tests.rs")
        && !path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn every_pattern_is_a_regex() {
        for ban in &BANS {
            assert!(Regex::new(ban.pattern).is_ok(), "{}", ban.pattern);
        }
    }

    #[test]
    fn each_effect_is_found_outside_its_room_and_not_inside() {
        for (code, home) in [
            ("use std::process::Command;", "crates/shiponce-io/src/process.rs"),
            ("use std::process::{ExitCode, Command};", "crates/shiponce-io/src/process.rs"),
            ("let x = TcpStream::connect(a);", "crates/shiponce-io/src/http.rs"),
            ("let x = reqwest::Client::builder();", "crates/shiponce-io/src/http.rs"),
            ("use rusqlite::Connection;", "crates/shiponce-ledger/src/db.rs"),
            ("println!();", "crates/shiponce/src/terminal/mod.rs"),
            ("let x = std::io::stdout();", "crates/shiponce/src/terminal/mod.rs"),
            ("let x = std::env::var(a);", "crates/shiponce/src/main.rs"),
            ("let x = Instant::now();", "crates/shiponce-io/src/clock.rs"),
            ("let x = Uuid::now_v7();", "crates/shiponce-io/src/random.rs"),
        ] {
            assert!(!found("crates/shiponce-core/src/lib.rs", code).is_empty(), "{code}");
            assert_eq!(found(home, code), Vec::<String>::new(), "{code} in {home}");
        }
    }

    #[test]
    fn what_only_looks_like_an_effect_is_none() {
        let path = "crates/shiponce-engine/src/lib.rs";
        for code in [
            "use shiponce_io::process::Command;",
            "use std::process::ExitCode;",
            "let x = finished.stdout();",
            "let x = std::env::split_paths(y);",
        ] {
            assert_eq!(found(path, code), Vec::<String>::new());
        }
    }

    #[test]
    fn prose_and_tests_may_say_anything() {
        let path = "crates/shiponce-core/src/lib.rs";
        assert!(found(path, "// std::env::var\nlet x = \"println!\";").is_empty());
        assert!(found(path, "#[cfg(test)]\nmod tests { fn a() { println!(); } }").is_empty());
        assert!(found(path, "//! Properties.\n#![cfg(test)]\nfn a() { println!(); }").is_empty());
        assert!(found("crates/shiponce-core/tests/it/main.rs", "println!();").is_empty());
    }

    #[test]
    fn the_sentence_names_call_line_and_rule() {
        let tree = Tree::of(&[("crates/shiponce-dist/src/a.rs", "\nlet x = Instant::now();")]);
        assert_eq!(
            check(&tree),
            [Finding::new(
                "crates/shiponce-dist/src/a.rs",
                2,
                "`Instant::now` here: time comes from shiponce_io (and the world's sockets live in real time)"
            )]
        );
    }
}
