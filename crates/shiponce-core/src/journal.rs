//! The journal of effects: an intent before, a receipt after, and what they add up to.

use std::fmt;

/// A final answer of a target about one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The name is taken, the answer does not say by which bytes: read before judging.
    NameTaken,
    /// The name was deleted once; no bytes can ever have it again.
    Burned,
    /// The release takes no new files.
    Closed,
    /// The release already has an sdist.
    SecondSdist,
    /// The credential was refused.
    Auth,
    /// Uploads are switched off for now.
    Disabled,
    /// A size or rate limit.
    Quota,
    /// The index found something wrong with the file or its metadata.
    Rejected,
}

impl Refusal {
    /// The word the journal stores.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NameTaken => "name-taken",
            Self::Burned => "burned",
            Self::Closed => "closed",
            Self::SecondSdist => "second-sdist",
            Self::Auth => "auth",
            Self::Disabled => "disabled",
            Self::Quota => "quota",
            Self::Rejected => "rejected",
        }
    }

    /// The refusal of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [
            Self::NameTaken,
            Self::Burned,
            Self::Closed,
            Self::SecondSdist,
            Self::Auth,
            Self::Disabled,
            Self::Quota,
            Self::Rejected,
        ];
        all.into_iter().find(|refusal| refusal.word() == word)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One line of the journal about one file on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A new press began: attempts count from zero again and passing refusals may be tried again.
    Press,
    /// The bytes are about to be sent.
    Intent,
    /// Surely nothing was sent (the connection was never made), or the target said it stored nothing.
    NotSent {
        /// What happened.
        why: String,
    },
    /// The bytes may have been sent and no answer can be trusted: cut, timeout, 5xx.
    OutcomeUnknown {
        /// What happened.
        why: String,
    },
    /// The target said 200. It proves nothing until the file is read back.
    Accepted,
    /// The target said no.
    Refused {
        /// The class of the answer.
        refusal: Refusal,
        /// The target's own words.
        message: String,
    },
    /// The name was read back with our digest.
    Confirmed,
}

/// How the last attempt on one file ended, as far as the journal knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sent {
    /// No attempt in this press.
    #[default]
    Nothing,
    /// An intent without a receipt, or an unknown outcome: something may be on its way.
    Unknown,
    /// The attempt surely left nothing behind.
    NotSent,
    /// The target said 200; not read back yet.
    Accepted,
    /// Read back with our digest, by this press or an earlier one.
    Confirmed,
    /// The target refused it in this press.
    Refused(Refusal),
}

/// The journal of one file on one target, added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Attempts begun in this press.
    pub attempts: u32,
    /// How the last one ended.
    pub sent: Sent,
    /// Whether the target ever said that the name is burned.
    pub burned: bool,
    /// The target's last words, for messages.
    pub message: Option<String>,
}

impl History {
    /// Adds up events in the order they were written.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut history = Self::default();
        for event in events {
            history.record(event);
        }
        history
    }

    /// Takes one more event in.
    pub fn record(&mut self, event: &Event) {
        match event {
            Event::Press => {
                self.attempts = 0;
                // What may have reached the target stays known; a refusal or a sure miss may be tried again.
                if matches!(self.sent, Sent::NotSent | Sent::Refused(_)) {
                    self.sent = Sent::Nothing;
                }
            }
            Event::Intent => {
                self.attempts += 1;
                self.sent = Sent::Unknown;
            }
            Event::NotSent { why } => {
                self.sent = Sent::NotSent;
                self.message = Some(why.clone());
            }
            Event::OutcomeUnknown { why } => {
                self.sent = Sent::Unknown;
                self.message = Some(why.clone());
            }
            Event::Accepted => self.sent = Sent::Accepted,
            Event::Refused { refusal, message } => {
                self.burned |= *refusal == Refusal::Burned;
                self.sent = Sent::Refused(refusal.clone());
                self.message = Some(message.clone());
            }
            Event::Confirmed => self.sent = Sent::Confirmed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_without_a_receipt_is_unknown_across_presses() {
        let history = History::of(&[Event::Press, Event::Intent, Event::Press]);
        assert_eq!(history.sent, Sent::Unknown);
        assert_eq!(history.attempts, 0);
    }

    #[test]
    fn a_burned_name_is_never_forgotten_and_other_refusals_are() {
        let refused = |refusal| Event::Refused { refusal, message: String::new() };
        let burned = History::of(&[Event::Intent, refused(Refusal::Burned), Event::Press]);
        assert!(burned.burned);
        let auth = History::of(&[Event::Intent, refused(Refusal::Auth), Event::Press]);
        assert_eq!(auth.sent, Sent::Nothing);
        assert!(!auth.burned);
    }

    #[test]
    fn words_name_refusals_both_ways() {
        for word in
            ["name-taken", "burned", "closed", "second-sdist", "auth", "disabled", "quota", "rejected"]
        {
            assert_eq!(Refusal::from_word(word).unwrap().word(), word);
        }
        assert_eq!(Refusal::from_word("other"), None);
    }
}
