//! Just enough DER (X.690) to write a certificate, and to find a claim in one.

/// An element with a tag.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(u8::MAX));
            out.extend(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// An object identifier of at least two numbers.
pub(super) fn identifier(numbers: &[u32]) -> Vec<u8> {
    let (first, rest) = numbers.split_at(2);
    let mut content = vec![u8::try_from(first[0] * 40 + first[1]).unwrap_or(u8::MAX)];
    for number in rest {
        let mut groups = vec![(number & 0x7f) as u8];
        let mut left = number >> 7;
        while left > 0 {
            groups.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        content.extend(groups.into_iter().rev());
    }
    element(0x06, &content)
}

pub(super) fn bits(content: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], content].concat())
}

pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    element(0x0c, text.as_bytes())
}

/// What the element at the beginning holds, when it has this tag.
pub(super) fn content(tag: u8, der: &[u8]) -> Option<&[u8]> {
    let [found, first, rest @ ..] = der else { return None };
    let digits = if *first < 0x80 { 0 } else { usize::from(first & 0x7f) };
    let (digits, rest) = rest.split_at_checked(digits)?;
    let long =
        digits.iter().try_fold(0_usize, |all, digit| Some(all.checked_mul(256)? | usize::from(*digit)))?;
    let length = if *first < 0x80 { usize::from(*first) } else { long };
    rest.get(..length).filter(|_| *found == tag)
}
