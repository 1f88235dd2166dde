//! The names GitHub gives to assets.
//!
//! The API's description only says that names with special characters are changed. The rule is the one that the
//! GitHub CLI carries to find its own uploads again (`sanitizeFileName` in `pkg/cmd/release/upload`), held
//! against names that users report: dpl#821, action-gh-release#159, azure-pipelines-tasks#14275,
//! electron/forge#1761.

/// The stored name of a file that is uploaded as `name`.
pub(crate) fn stored(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match LETTERS.iter().find(|(_, marked)| marked.contains(c)) {
            Some((letter, _)) => plain.push_str(letter),
            None => plain.push(c),
        }
    }
    if plain.starts_with('.') {
        plain.insert_str(0, "default");
    }
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '@') {
            out.push(c);
        } else if !out.ends_with('.') {
            // One dot for a whole run of other characters, dots included.
            out.push('.');
        }
    }
    let out = out.trim_matches('.');
    if out != name && !out.contains('.') { format!("default.{out}") } else { out.to_owned() }
}

/// Letters with the marks that are taken off them, as Rails does by default: Latin-1 and Latin Extended-A.
const LETTERS: [(&str, &str); 50] = [
    ("A", "ÀÁÂÃÄÅĀĂĄ"),
    ("AE", "Æ"),
    ("C", "ÇĆĈĊČ"),
    ("D", "ÐĎĐ"),
    ("E", "ÈÉÊËĒĔĖĘĚ"),
    ("G", "ĜĞĠĢ"),
    ("H", "ĤĦ"),
    ("I", "ÌÍÎÏĨĪĬĮİ"),
    ("IJ", "Ĳ"),
    ("J", "Ĵ"),
    ("K", "Ķ"),
    ("L", "ĹĻĽĿŁ"),
    ("N", "ÑŃŅŇ"),
    ("NG", "Ŋ"),
    ("O", "ÒÓÔÕÖØŌŎŐ"),
    ("OE", "Œ"),
    ("R", "ŔŖŘ"),
    ("S", "ŚŜŞŠ"),
    ("T", "ŢŤŦ"),
    ("Th", "Þ"),
    ("U", "ÙÚÛÜŨŪŬŮŰŲ"),
    ("W", "Ŵ"),
    ("Y", "ÝŶŸ"),
    ("Z", "ŹŻŽ"),
    ("a", "àáâãäåāăą"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ðďđ"),
    ("e", "èéêëēĕėęě"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįı"),
    ("ij", "ĳ"),
    ("j", "ĵ"),
    ("k", "ķĸ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("ng", "ŋ"),
    ("o", "òóôõöøōŏő"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşš"),
    ("ss", "ß"),
    ("t", "ţťŧ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűų"),
    ("w", "ŵ"),
    ("x", "×"),
    ("y", "ýÿŷ"),
    ("z", "źżž"),
];

#[cfg(test)]
mod tests {
    use super::stored;

    #[test]
    fn names_that_users_report() {
        for (sent, kept) in [
            ("hello-world-5.0.0+master.001.tar.gz", "hello-world-5.0.0+master.001.tar.gz"),
            // An unencoded `+` of a query is a blank by the time it gets here.
            ("hello-world-5.0.0 master.001.tar.gz", "hello-world-5.0.0.master.001.tar.gz"),
            ("tobwen-1.1.0-1~buster_amd64.deb", "tobwen-1.1.0-1.buster_amd64.deb"),
            ("app.prod-v1.3.0-(15-5)-6064eac-release.apk", "app.prod-v1.3.0-.15-5.-6064eac-release.apk"),
            ("Symbols.Mixed 64-bit.7z", "Symbols.Mixed.64-bit.7z"),
            ("fake.      file.txt", "fake.file.txt"),
            ("erick%%%%%!!!zhao.txt", "erick.zhao.txt"),
            ("a5_ð_æ_©_ŋ.txt", "a5_d_ae_._ng.txt"),
            ("me@home.txt", "me@home.txt"),
        ] {
            assert_eq!(stored(sent), kept, "{sent}");
        }
    }

    #[test]
    fn what_is_left_of_odd_names() {
        assert_eq!(stored(".profile"), "default.profile");
        assert_eq!(stored("a.whl."), "a.whl");
        assert_eq!(stored("Makefile"), "Makefile");
        assert_eq!(stored("Make file"), "Make.file");
        assert_eq!(stored("日本"), "default.");
    }

    #[test]
    fn files_of_python_keep_their_names() {
        for name in ["a-1.0-py3-none-any.whl", "a-1.0+local.1.tar.gz", "a_b-1!2.0.zip"] {
            let kept = stored(name);
            assert_eq!(kept == name, !name.contains('!'), "{name} became {kept}");
        }
    }
}
