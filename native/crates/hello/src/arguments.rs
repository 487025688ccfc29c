//! Options of the form `--name value` or `--name=value`, and durations.

use std::time::Duration;

/// The values of `names`, in their order; everything else is refused.
pub(crate) fn options<const N: usize>(
    arguments: &[String],
    names: [&str; N],
) -> Result<[Option<String>; N], String> {
    let mut values = [const { None }; N];
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let known = names.iter().position(|known| *known == name);
        let index = known.ok_or_else(|| format!("there is no option {name:?}"))?;
        let value = attached.or_else(|| arguments.next().cloned());
        values[index] = Some(value.ok_or_else(|| format!("{name} needs a value"))?);
    }
    Ok(values)
}

/// A number with `ms`, `s`, `m` or `h`; without a unit, seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("{text:?} is not a duration")),
    };
    let number: Option<f64> = digits.parse().ok();
    let duration = number.and_then(|number| Duration::try_from_secs_f64(number * unit).ok());
    duration.ok_or_else(|| format!("{text:?} is not a duration"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn reads_options_in_both_forms() {
        let [every, count] =
            options(&words("--count=3 --every 2s"), ["--every", "--count"]).unwrap();
        assert_eq!(
            (every.as_deref(), count.as_deref()),
            (Some("2s"), Some("3"))
        );
        assert_eq!(options(&[], ["--x"]).unwrap(), [None]);
    }

    #[test]
    fn refuses_unknown_options_and_missing_values() {
        assert!(options(&words("--y 1"), ["--x"]).is_err());
        assert!(options(&words("--x"), ["--x"]).is_err());
        assert!(options(&words("stray"), ["--x"]).is_err());
    }

    #[test]
    fn reads_durations() {
        for (text, milliseconds) in [
            ("1s", 1000),
            ("250ms", 250),
            ("2", 2000),
            ("1.5m", 90_000),
            ("0", 0),
        ] {
            assert_eq!(
                duration(text).unwrap(),
                Duration::from_millis(milliseconds),
                "{text}"
            );
        }
        for text in ["", "s", "-1s", "1d", "NaN", "inf", "1e400"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
