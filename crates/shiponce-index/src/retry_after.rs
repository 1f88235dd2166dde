//! How long a server asks to be left alone: `Retry-After` (RFC 9110 10.2.3) or, without it, the rate-limit fields.
//!
//! PyPI sends `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has it (`"default";r=0;t=3600`: what is left, and
//! the seconds until there is more); servers in front of private indexes still send the three fields of the drafts
//! before 07.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// How long the server asks us to wait; a date in the past is no wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    if let Some(text) = text(headers, RETRY_AFTER.as_str()) {
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        if let Ok(then) = DateTimeParser::new().parse_timestamp(text) {
            return Some(Duration::try_from(then.duration_since(now)).unwrap_or_default());
        }
    }
    rate_limit(headers).map(Duration::from_secs)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The seconds until an exhausted limit begins anew; a limit with something left asks for nothing.
fn rate_limit(headers: &HeaderMap) -> Option<u64> {
    let fields = headers.get_all("ratelimit").iter().filter_map(|value| value.to_str().ok());
    let exhausted = |item: &str| {
        let number = |wanted: &str| {
            let named = |part: &str| part.trim().strip_prefix(wanted)?.strip_prefix('=')?.parse::<u64>().ok();
            item.split([';', ',']).find_map(named)
        };
        let left = number("r").or_else(|| number("remaining"))?;
        let reset = number("t").or_else(|| number("reset"))?;
        (left == 0).then_some(reset)
    };
    // Draft 10 lists policies, separated by commas; the drafts before had one, whose parts stood between commas.
    let items = fields.flat_map(|field| {
        let parts = if field.contains(';') { field.split(',').collect() } else { vec![field] };
        parts.into_iter().filter_map(exhausted)
    });
    let separate = || {
        let left = text(headers, "ratelimit-remaining")?.parse::<u64>().ok()?;
        let reset = text(headers, "ratelimit-reset")?.parse::<u64>().ok()?;
        (left == 0).then_some(reset)
    };
    items.max().or_else(separate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        retry_after(&headers, "1994-11-06T08:49:30Z".parse().unwrap())
    }

    fn parsed(text: &str) -> Option<Duration> {
        of(&[("retry-after", text)])
    }

    #[test]
    fn takes_seconds_and_dates() {
        assert_eq!(parsed("120"), Some(Duration::from_secs(120)));
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(parsed("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(parsed("soon"), None);
        assert_eq!(parsed("-1"), None);
    }

    #[test]
    fn an_exhausted_limit_says_when_it_begins_anew() {
        let limit = |text| of(&[("ratelimit", text)]).map(|pause| pause.as_secs());
        assert_eq!(limit("\"default\";r=0;t=30"), Some(30));
        assert_eq!(limit("\"default\";r=50;t=30"), None, "there is something left");
        assert_eq!(limit("\"hour\";r=0;t=900, \"day\";r=0;t=7200, \"minute\";r=3;t=9999"), Some(7200));
        assert_eq!(limit("limit=20, remaining=0, reset=45"), Some(45));
        assert_eq!(limit("nonsense"), None);
        let separate = |left| of(&[("ratelimit-remaining", left), ("ratelimit-reset", "12")]);
        assert_eq!(separate("0"), Some(Duration::from_secs(12)));
        assert_eq!(separate("1"), None);
        assert_eq!(
            of(&[("retry-after", "5"), ("ratelimit", "\"a\";r=0;t=30")]),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            of(&[("retry-after", "soon"), ("ratelimit", "\"a\";r=0;t=30")]),
            Some(Duration::from_secs(30))
        );
    }
}
