use std::ops::Range;

use domain::base::{HeaderSection, Message};

use super::opt;

const HEADER: usize = size_of::<HeaderSection>();

/// What stays of a message that is too long.
#[derive(Debug)]
struct Kept {
    questions: u16,
    answers: u16,
    /// Where the last of these ends.
    end: usize,
    opt: Option<Range<usize>>,
}

/// Cuts an answer down to the records that fit into `limit` bytes, and its OPT record, and marks it as truncated.
/// Names are only ever compressed by pointing backwards, and OPT's is the root, so that cutting damages none.
pub(crate) fn fit(mut answer: Vec<u8>, limit: usize) -> Vec<u8> {
    if answer.len() <= limit {
        return answer;
    }
    let Ok(message) = Message::from_slice(&answer) else {
        return Vec::new();
    };
    let kept = keep(message, limit).unwrap_or(Kept {
        questions: 0,
        answers: 0,
        end: HEADER,
        opt: None,
    });
    let opt = kept.opt.map(|range| answer[range].to_vec());
    answer.truncate(kept.end);
    let section = HeaderSection::for_message_slice_mut(&mut answer);
    section.header_mut().set_tc(true);
    let counts = section.counts_mut();
    counts.set_qdcount(kept.questions);
    counts.set_ancount(kept.answers);
    counts.set_nscount(0);
    counts.set_arcount(u16::from(opt.is_some()));
    answer.extend(opt.unwrap_or_default());
    answer
}

/// `None` where not even the question fits.
fn keep(message: &Message<[u8]>, limit: usize) -> Option<Kept> {
    let mut section = message.answer().ok()?;
    let room = limit.checked_sub(section.pos())?;
    let opt = opt::range(message).filter(|opt| opt.len() <= room);
    let end = limit - opt.as_ref().map_or(0, Range::len);
    let mut kept = Kept {
        questions: message.header_counts().qdcount(),
        answers: 0,
        end: section.pos(),
        opt,
    };
    while let Some(Ok(_)) = section.next() {
        if section.pos() > end {
            break;
        }
        kept.answers += 1;
        kept.end = section.pos();
    }
    Some(kept)
}
