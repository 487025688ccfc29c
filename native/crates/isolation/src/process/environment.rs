/// The variables that the command gets: well-formed ones, each name once (the last one counts), and `HOME`.
///
/// A string without "=" must not reach programs that would take it as "inherit from whoever runs this".
pub(super) fn complete(variables: &[String], home: &str) -> Vec<String> {
    let mut complete: Vec<String> = Vec::with_capacity(variables.len() + 1);
    for variable in variables {
        let Some(name) = name_of(variable) else {
            continue;
        };
        match complete
            .iter_mut()
            .find(|earlier| name_of(earlier) == Some(name))
        {
            Some(earlier) => earlier.clone_from(variable),
            None => complete.push(variable.clone()),
        }
    }
    complete.retain(|variable| variable != "HOME=");
    if !complete
        .iter()
        .any(|variable| name_of(variable) == Some("HOME"))
    {
        complete.push(format!("HOME={home}"));
    }
    complete
}

fn name_of(variable: &str) -> Option<&str> {
    variable
        .split_once('=')
        .map(|(name, _)| name)
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete_of(variables: &[&str]) -> Vec<String> {
        let variables: Vec<String> = variables.iter().map(|it| (*it).to_owned()).collect();
        complete(&variables, "/root")
    }

    #[test]
    fn the_last_of_a_name_counts() {
        assert_eq!(
            complete_of(&["A=1", "HOME=/h", "A=2=3"]),
            ["A=2=3", "HOME=/h"]
        );
    }

    #[test]
    fn home_is_added_when_it_is_missing_or_empty_or_no_variable() {
        for variables in [&[][..], &["HOME="], &["HOME"]] {
            assert_eq!(complete_of(variables), ["HOME=/root"]);
        }
    }

    #[test]
    fn strings_without_a_name_or_a_value_are_left_out() {
        assert_eq!(
            complete_of(&["LD_PRELOAD", "=x", "", "B="]),
            ["B=", "HOME=/root"]
        );
    }
}
