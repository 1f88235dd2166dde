//! Output kept within bounds: the beginning, which says what ran, and the end, which says why it failed.

use std::collections::VecDeque;

/// Lines longer than this are handed on in pieces.
const LINE_BYTES: usize = 16 * 1024;

/// The kept part of one output stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The first bytes.
    pub head: Vec<u8>,
    /// How many bytes were left out between the two.
    pub left_out: u64,
    /// The last bytes.
    pub tail: Vec<u8>,
}

impl Captured {
    /// Everything kept, with a line in place of what was left out. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        let head = String::from_utf8_lossy(&self.head);
        if self.left_out == 0 {
            // Joined before decoding: a character may straddle the border.
            return String::from_utf8_lossy(&[&self.head[..], &self.tail[..]].concat()).into_owned();
        }
        let tail = String::from_utf8_lossy(&self.tail);
        format!("{head}\n[... {} bytes left out ...]\n{tail}", self.left_out)
    }

    /// All bytes, or `None` when some were left out: for output that is parsed.
    #[must_use]
    pub fn whole(&self) -> Option<Vec<u8>> {
        (self.left_out == 0).then(|| [&self.head[..], &self.tail[..]].concat())
    }
}

/// Collects one stream.
#[derive(Debug)]
pub(super) struct Keeper {
    head: Vec<u8>,
    head_limit: usize,
    tail: VecDeque<u8>,
    tail_limit: usize,
    left_out: u64,
}

impl Keeper {
    /// Keeps at most `limit` bytes, a quarter of them from the beginning.
    pub(super) fn new(limit: usize) -> Self {
        let head_limit = limit / 4;
        Self {
            head: Vec::new(),
            head_limit,
            tail: VecDeque::new(),
            tail_limit: limit - head_limit,
            left_out: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(self.head_limit - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(self.tail_limit);
        self.tail.drain(..over);
        self.left_out += over as u64;
    }

    pub(super) fn finish(self) -> Captured {
        Captured { head: self.head, left_out: self.left_out, tail: self.tail.into() }
    }
}

/// Cuts a stream into lines. A carriage return ends a line too: progress bars are lines that repeat.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
    after_return: bool,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&str)) {
        for &byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => self.flush(&mut each),
                _ => {
                    self.pending.push(byte);
                    if self.pending.len() >= LINE_BYTES {
                        self.flush(&mut each);
                    }
                }
            }
        }
    }

    /// Hands on a last line without an end.
    pub(super) fn finish(&mut self, mut each: impl FnMut(&str)) {
        if !self.pending.is_empty() {
            self.flush(&mut each);
        }
    }

    fn flush(&mut self, each: &mut impl FnMut(&str)) {
        each(&String::from_utf8_lossy(&self.pending));
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Keeper, Lines};

    #[test]
    fn keeps_head_and_tail_and_counts_the_rest() {
        let mut keeper = Keeper::new(8);
        for piece in [&b"abc"[..], b"defgh", b"ijklmnop"] {
            keeper.push(piece);
        }
        let captured = keeper.finish();
        assert_eq!(captured.head, b"ab");
        assert_eq!(captured.tail, b"klmnop");
        assert_eq!(captured.left_out, 8);
        assert_eq!(captured.whole(), None);
        insta::assert_snapshot!(captured.text(), @r"
        ab
        [... 8 bytes left out ...]
        klmnop
        ");
    }

    #[test]
    fn a_character_on_the_border_survives() {
        let mut keeper = Keeper::new(40);
        keeper.push("123456789\u{e4}bc".as_bytes());
        let captured = keeper.finish();
        assert_eq!(captured.text(), "123456789\u{e4}bc");
        assert_eq!(captured.whole().unwrap(), "123456789\u{e4}bc".as_bytes());
    }

    #[test]
    fn lines_end_at_newlines_and_returns() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for piece in [&b"on"[..], b"e\r", b"\ntwo\n\n10%\r20%\r\nlast"] {
            lines.push(piece, |line| seen.push(line.to_owned()));
        }
        lines.finish(|line| seen.push(line.to_owned()));
        assert_eq!(seen, ["one", "two", "", "10%", "20%", "last"]);
    }
}
