//! Content negotiation by the Accept header (RFC 9110, section 12.5.1).

/// Picks the offer the client likes best; offers are in the server's own order of preference. None when
/// nothing offered is acceptable. A missing or empty header accepts everything.
pub(crate) fn best<'o>(accept: Option<&str>, offers: &[&'o str]) -> Option<&'o str> {
    let ranges = parse(accept.unwrap_or_default());
    if ranges.is_empty() {
        return offers.first().copied();
    }
    let mut chosen: Option<(&str, u16)> = None;
    for offer in offers {
        let quality = quality(&ranges, offer);
        // Strictly greater: on a tie the server's first offer stays.
        if quality > 0 && chosen.is_none_or(|(_, best)| quality > best) {
            chosen = Some((offer, quality));
        }
    }
    chosen.map(|(offer, _)| offer)
}

struct Range {
    kind: String,
    sub: String,
    /// Thousandths.
    quality: u16,
}

fn parse(header: &str) -> Vec<Range> {
    header.split(',').filter_map(parse_range).collect()
}

fn parse_range(text: &str) -> Option<Range> {
    let mut pieces = text.split(';');
    let media = pieces.next()?.trim().to_ascii_lowercase();
    let (kind, sub) = media.split_once('/')?;
    let mut quality = 1000;
    for parameter in pieces {
        if let Some((key, value)) = parameter.split_once('=')
            && key.trim().eq_ignore_ascii_case("q")
        {
            quality = parse_quality(value.trim())?;
        }
    }
    Some(Range { kind: kind.to_owned(), sub: sub.to_owned(), quality })
}

fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let thousandths: u16 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let whole: u16 = whole.parse().ok()?;
    Some((whole.min(1) * 1000 + thousandths).min(1000))
}

fn quality(ranges: &[Range], offer: &str) -> u16 {
    let (kind, sub) = offer.split_once('/').unwrap_or((offer, ""));
    let mut best = (0u8, 0u16);
    for range in ranges {
        let precision = match (range.kind.as_str(), range.sub.as_str()) {
            ("*", "*") => 1,
            (k, "*") if k == kind => 2,
            (k, s) if k == kind && s == sub => 3,
            _ => continue,
        };
        if precision > best.0 {
            best = (precision, range.quality);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::best;

    const OFFERS: [&str; 3] =
        ["text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json"];

    #[test]
    fn no_header_takes_the_first_offer() {
        assert_eq!(best(None, &OFFERS), Some("text/html"));
        assert_eq!(best(Some("*/*"), &OFFERS), Some("text/html"));
    }

    #[test]
    fn pip_gets_json() {
        let pip = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
        assert_eq!(best(Some(pip), &OFFERS), Some("application/vnd.pypi.simple.v1+json"));
    }

    #[test]
    fn quality_zero_refuses() {
        assert_eq!(best(Some("text/html;q=0"), &OFFERS), None);
        assert_eq!(best(Some("text/html;q=0, */*;q=0.3"), &OFFERS), Some(OFFERS[1]));
        assert_eq!(best(Some("text/plain"), &OFFERS), None);
    }
}
