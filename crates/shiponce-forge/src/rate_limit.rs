//! GitHub's two rate limits, as their answers show them.
//!
//! Source: <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>. Both answer 403 or 429. The
//! primary one counts requests per hour and says when it resets; the secondary one punishes bursts, says so in its
//! message, and may or may not say how long to wait.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Which limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Requests per hour of a token or address.
    Primary,
    /// Too many requests at once or in a row.
    Secondary,
}

/// A limit that was hit, and how long to stay away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimited {
    /// Which one.
    pub limit: Limit,
    /// How long to wait before any further request. GitHub bans clients that go on asking.
    pub wait: Duration,
}

/// What to wait when the answer does not say: the documentation asks for at least a minute.
const SILENT_WAIT: Duration = Duration::from_secs(60);

/// The limit an answer is about, if it is about one.
pub(crate) fn rate_limited(
    status: StatusCode,
    headers: &HeaderMap,
    message: &str,
    now: Timestamp,
) -> Option<RateLimited> {
    if !matches!(status.as_u16(), 403 | 429) {
        return None;
    }
    let asked = retry_after(headers, now);
    let lower = message.to_ascii_lowercase();
    let secondary = lower.contains("secondary rate limit") || lower.contains("abuse detection");
    if secondary {
        return Some(RateLimited { limit: Limit::Secondary, wait: asked.unwrap_or(SILENT_WAIT) });
    }
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    if number("x-ratelimit-remaining") == Some(0) {
        let reset = number("x-ratelimit-reset").and_then(|second| Timestamp::from_second(second).ok());
        let until = reset.map(|reset| Duration::try_from(reset.duration_since(now)).unwrap_or_default());
        let wait = asked.or(until).unwrap_or(SILENT_WAIT);
        return Some(RateLimited { limit: Limit::Primary, wait });
    }
    // A 403 that asks to come back later, and every 429, are limits whatever their words.
    (status == StatusCode::TOO_MANY_REQUESTS || asked.is_some() || lower.contains("rate limit exceeded"))
        .then(|| RateLimited { limit: Limit::Secondary, wait: asked.unwrap_or(SILENT_WAIT) })
}

/// `Retry-After` (RFC 9110 10.2.3): seconds, or a date; a date in the past is no wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(status: u16, headers: &[(&'static str, &'static str)], message: &str) -> Option<(Limit, u64)> {
        let map = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>();
        let status = StatusCode::from_u16(status).unwrap();
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        rate_limited(status, &map, message, now).map(|seen| (seen.limit, seen.wait.as_secs()))
    }

    #[test]
    fn the_primary_limit_lasts_until_its_reset() {
        let exceeded = "API rate limit exceeded for installation ID 1.";
        let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1700000090")];
        assert_eq!(seen(403, &spent, exceeded), Some((Limit::Primary, 90)));
        assert_eq!(seen(429, &spent, exceeded), Some((Limit::Primary, 90)));
        let past = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1600000000")];
        assert_eq!(seen(403, &past, exceeded), Some((Limit::Primary, 0)));
        assert_eq!(seen(403, &[("x-ratelimit-remaining", "0")], exceeded), Some((Limit::Primary, 60)));
    }

    #[test]
    fn the_secondary_limit_says_so_and_maybe_for_how_long() {
        let burst =
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
        assert_eq!(seen(403, &[("retry-after", "30")], burst), Some((Limit::Secondary, 30)));
        assert_eq!(seen(403, &[], burst), Some((Limit::Secondary, 60)));
        let left = [("x-ratelimit-remaining", "4000"), ("retry-after", "Tue, 14 Nov 2023 22:13:30 GMT")];
        assert_eq!(seen(429, &left, burst), Some((Limit::Secondary, 10)));
        assert_eq!(seen(429, &[], "slow down"), Some((Limit::Secondary, 60)));
        assert_eq!(seen(403, &[], "API rate limit exceeded for user ID 1."), Some((Limit::Secondary, 60)));
    }

    #[test]
    fn a_refusal_is_no_limit() {
        let left = [("x-ratelimit-remaining", "4999"), ("x-ratelimit-reset", "1700000090")];
        assert_eq!(seen(403, &left, "Resource not accessible by integration"), None);
        assert_eq!(seen(404, &[("x-ratelimit-remaining", "0")], "Not Found"), None);
        assert_eq!(seen(503, &[("retry-after", "5")], ""), None);
    }
}
