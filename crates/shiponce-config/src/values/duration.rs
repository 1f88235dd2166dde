//! Durations as people write them: `90s`, `15m`, `1h30m`.

use std::time::Duration;

/// The longest duration that is accepted: a time limit of a month is a mistake, and arithmetic stays safe.
const DAYS_MAX: u64 = 31;

/// Reads a duration. The complaint begins with a verb.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let complaint = || format!("is `{text}`, expected a duration such as `90s`, `15m` or `1h30m`");
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    let mut last_unit = u64::MAX;
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return Err(complaint()),
        };
        // Units go down, so that `1m1h` and `1m1m` are slips and not sums.
        if unit >= last_unit {
            return Err(complaint());
        }
        last_unit = unit;
        let number: u64 = digits.parse().map_err(|_| complaint())?;
        digits.clear();
        seconds =
            number.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(complaint)?;
    }
    if !digits.is_empty() || last_unit == u64::MAX {
        return Err(complaint());
    }
    if seconds > DAYS_MAX * 86_400 {
        return Err(format!("is `{text}`, more than {DAYS_MAX} days"));
    }
    Ok(Duration::from_secs(seconds))
}

/// The shortest text that reads back as the duration.
pub(crate) fn show_duration(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut out = String::new();
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")] {
        let number = rest / unit;
        rest %= unit;
        if number > 0 {
            out.push_str(&number.to_string());
            out.push_str(name);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("0s", 0)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "10", "m", "1m1h", "1m1m", "-1s", "1.5h", "1 h", "40d", "99999999999999999999s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn shown_durations_read_back(seconds in 0_u64..31 * 86_400) {
            let duration = Duration::from_secs(seconds);
            prop_assert_eq!(parse_duration(&show_duration(duration)), Ok(duration));
        }
    }
}
