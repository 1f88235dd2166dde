//! A reporter that remembers, and answers questions as it was told.

use shiponce_api::v1::Level;
use shiponce_engine::report::{Confirmation, Reporter};
use shiponce_io::Cancel;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

type WhileAsked = Box<dyn FnMut() + Send>;

/// Everything that was said.
#[derive(Default)]
pub(crate) struct Recorder {
    lines: Mutex<Vec<(Level, String)>>,
    questions: Mutex<Vec<Vec<String>>>,
    answers: Mutex<VecDeque<Confirmation>>,
    while_asked: Mutex<Option<WhileAsked>>,
}

impl Recorder {
    /// Everything said so far, a line each.
    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().iter().map(|(level, line)| format!("{level:?} {line}\n")).collect()
    }

    /// Whether any line contains this.
    pub(crate) fn said(&self, part: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|(_, line)| line.contains(part))
    }

    /// Whether a warning contains this.
    pub(crate) fn warned(&self, part: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|(level, line)| *level == Level::Warning && line.contains(part))
    }

    /// The questions asked so far.
    pub(crate) fn questions(&self) -> Vec<Vec<String>> {
        self.questions.lock().unwrap().clone()
    }

    /// The next answers; yes when there is none.
    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = Confirmation>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// What happens in the world while the person thinks.
    pub(crate) fn while_asked(&self, work: impl FnMut() + Send + 'static) {
        *self.while_asked.lock().unwrap() = Some(Box::new(work));
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

impl Reporter for Recorder {
    fn line(&self, level: Level, text: &str) {
        self.lines.lock().unwrap().push((level, text.to_owned()));
    }

    fn event(&self, _level: Level, _name: &str, _fields: &[(&str, &str)]) {}

    fn progress(&self, _filename: &str, _sent: u64, _total: u64) {}

    fn confirm(&self, lines: &[String], _cancel: &Cancel) -> Confirmation {
        self.questions.lock().unwrap().push(lines.to_vec());
        if let Some(work) = self.while_asked.lock().unwrap().as_mut() {
            work();
        }
        self.answers.lock().unwrap().pop_front().unwrap_or(Confirmation::Yes)
    }
}
