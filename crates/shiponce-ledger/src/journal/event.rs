//! Events as words.

use crate::sqlite::Failed;
use crate::text::sanitise;
use shiponce_core::journal::{Event, Refusal};

/// An event as three columns.
pub(crate) struct Words {
    pub(crate) event: String,
    pub(crate) refusal: Option<String>,
    pub(crate) message: Option<String>,
}

impl Words {
    pub(crate) fn of(event: &Event) -> Self {
        let plain = |word: &str| Self { event: word.to_owned(), refusal: None, message: None };
        match event {
            Event::Press => plain("press"),
            Event::Intent => plain("intent"),
            Event::Accepted => plain("accepted"),
            Event::Confirmed => plain("confirmed"),
            Event::NotSent { why } => Self { message: Some(sanitise(why)), ..plain("not-sent") },
            Event::OutcomeUnknown { why } => {
                Self { message: Some(sanitise(why)), ..plain("outcome-unknown") }
            }
            Event::Refused { refusal, message } => Self {
                refusal: Some(refusal.word().to_owned()),
                message: Some(sanitise(message)),
                ..plain("refused")
            },
        }
    }

    pub(crate) fn into_event(self) -> Result<Event, Failed> {
        let event = match (self.event.as_str(), self.refusal, self.message) {
            ("press", None, None) => Some(Event::Press),
            ("intent", None, None) => Some(Event::Intent),
            ("accepted", None, None) => Some(Event::Accepted),
            ("confirmed", None, None) => Some(Event::Confirmed),
            ("not-sent", None, Some(why)) => Some(Event::NotSent { why }),
            ("outcome-unknown", None, Some(why)) => Some(Event::OutcomeUnknown { why }),
            ("refused", Some(word), Some(message)) => {
                Refusal::from_word(&word).map(|refusal| Event::Refused { refusal, message })
            }
            _ => None,
        };
        event.ok_or_else(|| {
            Failed::Row(format!("the journal has an event `{}` that has no meaning", self.event))
        })
    }
}
