//! As much of HTTP/1.1 (RFC 9112) as one page needs: the request line is read, header fields are passed over,
//! and every answer ends its connection.

use std::fmt;
use std::io;

/// Bytes of a request up to its empty line.
const MAX_REQUEST: usize = 8 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
}

impl fmt::Display for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.path)
    }
}

/// Reads one request; else the status that says what is wrong with it.
pub(super) fn read(mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> Result<Request, u16> {
    let mut request = Vec::new();
    let mut buffer = [0u8; 1024];
    while !ends(&request) {
        match read(&mut buffer) {
            Ok(0) => return Err(400),
            Ok(count) => request.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(408),
        }
        if request.len() > MAX_REQUEST {
            return Err(431);
        }
    }
    parse(&request).ok_or(400)
}

fn ends(request: &[u8]) -> bool {
    request.windows(4).any(|end| end == b"\r\n\r\n") || request.windows(2).any(|end| end == b"\n\n")
}

fn parse(request: &[u8]) -> Option<Request> {
    let line = request.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_token =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
    if words.next().is_some() || !is_token(method) || !is_token(target) || !target.starts_with('/')
    {
        return None;
    }
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    let path = target.split(['?', '#']).next()?;
    Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
    })
}

pub(super) fn response(status: u16, kind: &str, body: &[u8], with_body: bool) -> Vec<u8> {
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\n\
         Content-Type: {kind}\r\n\
         Content-Length: {length}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Connection: close\r\n\r\n"
    );
    let mut response = head.into_bytes();
    if with_body {
        response.extend_from_slice(body);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `bytes` in pieces of `size`.
    fn read_in(size: usize, bytes: &[u8]) -> Result<Request, u16> {
        let mut pieces = bytes.chunks(size);
        read(|buffer| {
            let piece = pieces.next().unwrap_or_default();
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        })
    }

    fn request(method: &str, path: &str) -> Result<Request, u16> {
        Ok(Request {
            method: method.to_owned(),
            path: path.to_owned(),
        })
    }

    #[test]
    fn reads_requests_however_they_arrive() {
        let bytes = b"GET /a?b#c HTTP/1.1\r\nHost: x\r\n\r\n";
        for size in [1, 3, 1000] {
            assert_eq!(read_in(size, bytes), request("GET", "/a"));
        }
        assert_eq!(read_in(9, b"HEAD / HTTP/1.0\n\n"), request("HEAD", "/"));
    }

    #[test]
    fn refuses_what_is_no_request() {
        let bad = [
            &b"\r\n\r\n"[..],
            b"GET\r\n\r\n",
            b"GET / HTTP/2\r\n\r\n",
            b"GET  / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1 more\r\n\r\n",
            b"GET http://x/ HTTP/1.1\r\n\r\n",
            b"GET /\x1b[2J HTTP/1.1\r\n\r\n",
            b"GET /\xff HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n",
        ];
        for bytes in bad {
            assert_eq!(read_in(7, bytes), Err(400), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn bounds_a_request() {
        assert_eq!(
            read(|buffer| Ok({
                buffer.fill(b'a');
                buffer.len()
            })),
            Err(431)
        );
        assert_eq!(read(|_| Err(io::ErrorKind::WouldBlock.into())), Err(408));
    }

    #[test]
    fn says_how_long_a_body_is_that_it_leaves_out() {
        let response = String::from_utf8(response(200, "text/plain", b"four", false)).unwrap();
        assert!(response.contains("Content-Length: 4\r\n") && response.ends_with("\r\n\r\n"));
    }
}
