//! The page.

use std::time::Duration;

use crate::tools::spoken_duration;

pub(super) fn html(host_name: &str, visits: u64, up: Duration) -> String {
    let host_name = escape(host_name);
    let up = spoken_duration(up);
    let times = if visits == 1 { "time" } else { "times" };
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Hello from {host_name}</title>\n\
         <style>\n\
         :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}\n\
         body {{ max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem }}\n\
         h1 {{ border-bottom: 3px solid #f26a1b; padding-bottom: .3rem }}\n\
         code {{ font-size: .95em }}\n\
         </style>\n\
         <h1>Hello from a container</h1>\n\
         <p>This page comes from <code>{host_name}</code>. It has been there for {up} and was read \
         {visits} {times}.</p>\n\
         <p>Stop the container, and the page is gone; start it, and it is back.</p>\n\
         </html>\n"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_text_and_nothing_else() {
        let page = html("<script>alert(\"&\")</script>", 1, Duration::from_secs(61));
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;"));
        assert!(page.contains("read 1 time."));
    }
}
