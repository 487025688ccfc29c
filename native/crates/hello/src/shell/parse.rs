//! A line's words, as POSIX shells split and quote them; without globs, pipes and redirections.

/// When a command runs, by the exit code of what ran before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    AfterSuccess,
    AfterFailure,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) when: When,
    /// At least one.
    pub(super) words: Vec<Word>,
}

/// Pieces of a word: they are joined when the command runs.
pub(super) type Word = Vec<Piece>;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// `$NAME`, `$?` or `$$`. Its value is one word, never split.
    Variable(String),
}

/// Commands joined by `;`, `&&` and `||`; `#` begins a comment.
pub(super) fn parse(line: &str) -> Result<Vec<Command>, String> {
    let mut parser = Parser {
        rest: line,
        commands: Vec::new(),
        words: Vec::new(),
        when: When::Always,
    };
    parser.line()?;
    Ok(parser.commands)
}

struct Parser<'a> {
    rest: &'a str,
    commands: Vec<Command>,
    words: Vec<Word>,
    when: When,
}

impl Parser<'_> {
    fn line(&mut self) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            let separators = [("&&", When::AfterSuccess), ("||", When::AfterFailure)];
            let joined = separators
                .iter()
                .find(|(text, _)| self.rest.starts_with(text));
            if let Some((text, when)) = joined {
                self.rest = &self.rest[text.len()..];
                self.end_command(text)?;
                self.when = *when;
                continue;
            }
            match self.rest.chars().next() {
                None | Some('#') => break,
                Some(';' | '\n') => {
                    self.rest = &self.rest[1..];
                    if !self.words.is_empty() || self.when != When::Always {
                        self.end_command(";")?;
                    }
                }
                Some(special @ ('|' | '&' | '<' | '>' | '(' | ')' | '`')) => {
                    return Err(format!("this shell has no {special:?}"));
                }
                Some(_) => {
                    let word = self.word()?;
                    self.words.push(word);
                }
            }
        }
        match (self.words.is_empty(), self.when) {
            (true, When::Always) => Ok(()),
            _ => self.end_command("the end"),
        }
    }

    fn end_command(&mut self, before: &str) -> Result<(), String> {
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return Err(format!("a command is missing before {before}"));
        }
        self.commands.push(Command {
            when: self.when,
            words,
        });
        self.when = When::Always;
        Ok(())
    }

    fn word(&mut self) -> Result<Word, String> {
        let mut word = Word::new();
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '<' | '>' | '(' | ')' | '`' => break,
                '\'' => {
                    let quoted = &self.rest[1..];
                    let end = quoted.find('\'').ok_or("a ' is not closed")?;
                    push(&mut word, &quoted[..end]);
                    self.rest = &quoted[end + 1..];
                }
                '"' => {
                    self.rest = &self.rest[1..];
                    self.quoted(&mut word)?;
                }
                _ => self.letter(&mut word, letter, |_| true)?,
            }
        }
        Ok(word)
    }

    /// Up to the closing `"`. Inside, a backslash means something only before these.
    fn quoted(&mut self, word: &mut Word) -> Result<(), String> {
        push(word, "");
        loop {
            match self.rest.chars().next() {
                None => return Err("a \" is not closed".to_owned()),
                Some('"') => {
                    self.rest = &self.rest[1..];
                    return Ok(());
                }
                Some(letter) => {
                    self.letter(word, letter, |next| matches!(next, '"' | '\\' | '$'))?
                }
            }
        }
    }

    fn letter(
        &mut self,
        word: &mut Word,
        letter: char,
        escapes: impl Fn(char) -> bool,
    ) -> Result<(), String> {
        self.rest = &self.rest[letter.len_utf8()..];
        match (letter, self.rest.chars().next()) {
            ('\\', Some(next)) if escapes(next) => {
                self.rest = &self.rest[next.len_utf8()..];
                push(word, next.encode_utf8(&mut [0; 4]));
            }
            ('$', Some(_)) => self.variable(word)?,
            _ => push(word, letter.encode_utf8(&mut [0; 4])),
        }
        Ok(())
    }

    fn variable(&mut self, word: &mut Word) -> Result<(), String> {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if let Some(braced) = self.rest.strip_prefix('{') {
            let end = braced.find('}').ok_or("a ${ is not closed")?;
            let name = &braced[..end];
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(format!("this shell has no ${{{name}}}"));
            }
            word.push(Piece::Variable(name.to_owned()));
            self.rest = &braced[end + 1..];
            return Ok(());
        }
        if self.rest.starts_with('(') {
            return Err("this shell has no $(".to_owned());
        }
        let length = match self.rest.starts_with(['?', '$']) {
            true => 1,
            false => self
                .rest
                .find(|letter| !is_name(letter))
                .unwrap_or(self.rest.len()),
        };
        match length {
            0 => push(word, "$"),
            _ => word.push(Piece::Variable(self.rest[..length].to_owned())),
        }
        self.rest = &self.rest[length..];
        Ok(())
    }
}

fn push(word: &mut Word, text: &str) {
    match word.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => word.push(Piece::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each command's words; variables as `<NAME>`.
    fn words(line: &str) -> Vec<Vec<String>> {
        let show = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable(name) => format!("<{name}>"),
        };
        let commands = parse(line).unwrap();
        commands
            .iter()
            .map(|command| {
                command
                    .words
                    .iter()
                    .map(|word| word.iter().map(show).collect())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn splits_and_quotes() {
        assert_eq!(words("  echo  a\tb "), [["echo", "a", "b"]]);
        assert_eq!(
            words(r#"echo 'a b' "c d" e\ f"#),
            [["echo", "a b", "c d", "e f"]]
        );
        assert_eq!(words(r#"echo a'b'"c" '' """#), [["echo", "abc", "", ""]]);
        assert_eq!(words(r#"echo "\"\\\n" '\'"#), [["echo", "\"\\\\n", "\\"]]);
        assert_eq!(words("echo ü # the rest; is not read"), [["echo", "ü"]]);
        assert_eq!(words("echo a#b"), [["echo", "a#b"]]);
        assert!(words("   ").is_empty());
    }

    #[test]
    fn finds_variables_except_in_single_quotes() {
        assert_eq!(
            words(r#"echo $A "${B}c" '$D' $? $$ $ \$E"#),
            [["echo", "<A>", "<B>c", "$D", "<?>", "<$>", "$", "$E"]]
        );
    }

    #[test]
    fn joins_commands() {
        let commands = parse("a; b && c || d;").unwrap();
        let when: Vec<_> = commands.iter().map(|command| command.when).collect();
        assert_eq!(
            when,
            [
                When::Always,
                When::Always,
                When::AfterSuccess,
                When::AfterFailure
            ]
        );
    }

    #[test]
    fn says_what_it_does_not_understand() {
        for line in [
            "a | b", "a > b", "a < b", "a &", "$(a)", "`a`", "'a", "\"a", "${a", "${a:-b}", "&& a",
            "a &&", "a && ; b",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
